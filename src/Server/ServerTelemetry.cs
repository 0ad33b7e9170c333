using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Slipway.Server.Joints;
using Slipway.Telemetry;

namespace Slipway.Server;

/// <summary>
/// Telemetry beside everything else: its doors and its stores. Nothing of it can keep the server from starting or end it;
/// what does not work is said in the status and tried again.
/// </summary>
internal sealed class ServerTelemetry : IAsyncDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(15);

    private readonly TelemetryHub _hub;
    private readonly RuleDelivery _rules;
    private readonly StatusReport _report;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly Listeners _listeners = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Door> _doors;
    private readonly Dictionary<string, string> _urls = [];
    private Task _running = Task.CompletedTask;

    public ServerTelemetry(TelemetrySettings settings, TelemetryHub hub, RuleDelivery rules, StatusReport report, TimeProvider time, ILoggerFactory loggers)
    {
        (_hub, _rules, _report, _time, _loggers) = (hub, rules, report, time, loggers);
        _logger = loggers.CreateLogger("Slipway.Server");
        _doors =
        [
            new Door("telemetry", settings.Port, "SLIPWAY_TELEMETRY_PORT", HttpProtocols.Http1, hub.MapDoors),
            new Door("otlp", settings.OtlpPort, "SLIPWAY_OTLP_PORT", HttpProtocols.Http1, hub.MapOtlp),
            new Door("otlp (grpc)", settings.OtlpGrpcPort, "SLIPWAY_OTLP_GRPC_PORT", HttpProtocols.Http2, hub.MapOtlpGrpc),
        ];
        _doors.RemoveAll(door => door.Port == 0);
        hub.Changed += Tell;
    }

    private sealed record Door(string Name, int Port, string Setting, HttpProtocols Protocols, Action<WebApplication> Map)
    {
        public string? Trouble { get; set; }
    }

    /// <summary>Opens the doors that can be opened, and leaves the rest to itself.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var door in _doors.ToList())
        {
            await OpenAsync(door, cancellation);
        }

        _running = Task.Run(() => Task.WhenAll(_hub.RunAsync(_stopping.Token), OpenTheRestAsync(), _rules.RunAsync(_stopping.Token)), CancellationToken.None);
        Tell();
    }

    /// <summary>Called when nobody writes any more, so that the last lines are kept too.</summary>
    public async Task StopAsync()
    {
        await _listeners.DisposeAsync();
        await _stopping.CancelAsync();
        await _running.ContinueWith(ended => ended.Exception is { } error ? Told(error) : 0, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        _hub.Changed -= Tell;
        await _listeners.DisposeAsync();
        await _hub.DisposeAsync();
        _stopping.Dispose();
    }

    private int Told(Exception error)
    {
        ServerLog.TelemetryEnded(_logger, error);
        return 1;
    }

    private async Task OpenAsync(Door door, CancellationToken cancellation)
    {
        try
        {
            await _listeners.StartAsync(
                Listeners.On(IPAddress.Loopback, door.Port), door.Setting, certificate: null, bodyBytesMax: null, door.Map, _loggers, cancellation, door.Protocols);
            _doors.Remove(door);
            lock (_urls)
            {
                _urls[door.Name] = $"http://localhost:{door.Port}";
            }
        }
        catch (StartFailureException taken)
        {
            if (door.Trouble is null)
            {
                ServerLog.DoorTaken(_logger, door.Name, taken.Message);
            }

            door.Trouble = $"{door.Name}: {taken.Message}";
        }
    }

    private async Task OpenTheRestAsync()
    {
        try
        {
            while (_doors.Count > 0)
            {
                await Task.Delay(s_retry, _time, _stopping.Token);
                foreach (var door in _doors.ToList())
                {
                    await OpenAsync(door, _stopping.Token);
                }

                Tell();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private void Tell()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        Dictionary<string, string> urls;
        lock (_urls)
        {
            urls = new(_urls);
        }

        _report.Troubled([.. _doors.ToArray().Select(door => door.Trouble).OfType<string>(), .. _hub.Troubles], urls);
    }
}
