using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Slipway.TitanicApi.Tests.Scenes;

/// <summary>The service as a process of its own, which can be killed like one.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ServiceProcess(Process process, Uri address, Uri metrics) => (_process, Address, Metrics) = (process, address, metrics);

    public Uri Address { get; }

    /// <summary>The port for figures alone.</summary>
    public Uri Metrics { get; }

    public static async Task<ServiceProcess> StartAsync(IReadOnlyDictionary<string, string?> environment)
    {
        var (address, metrics) = (new Uri($"http://127.0.0.1:{FreePort()}"), new Uri($"http://127.0.0.1:{FreePort()}"));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Titanic.Api.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment.Append(new("PORT", $"{address.Port}")).Append(new("METRICS_PORT", $"{metrics.Port}")).Append(new("HOST", "127.0.0.1")))
        {
            start.Environment[name] = value;
        }

        var service = new ServiceProcess(Process.Start(start)!, address, metrics);

        // A full pipe would stop the service in the middle of a sentence.
        service._process.OutputDataReceived += (_, _) => { };
        service._process.ErrorDataReceived += (_, _) => { };
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        using var client = new HttpClient { BaseAddress = address };
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            try
            {
                using var ready = await client.GetAsync("/ready", limit.Token);
                if (ready.IsSuccessStatusCode)
                {
                    return service;
                }
            }
            catch (HttpRequestException) when (!service._process.HasExited)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Like kill -9: nothing is finished, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
