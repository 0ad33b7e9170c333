using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Tests.Otlp;

/// <summary>Both doors on ports of their own, and what came in by them.</summary>
internal sealed class OtlpDoors : ISpanSink, ILogSink, IMetricSink, IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<SpanRecord> _spans = [];
    private readonly List<LogRecord> _lines = [];
    private readonly List<(string Source, IncomingSample Sample)> _samples = [];
    private readonly List<MetricMetadata> _metadata = [];

    private OtlpDoors()
    {
        Services = new OtlpServices(this, this, this, new ManualTime());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapOtlp(Services).MapOtlpGrpc(Services);
    }

    public OtlpServices Services { get; }

    public Uri Http { get; private set; } = null!;

    public Uri Grpc { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>How many items are taken from now on; the rest finds no room.</summary>
    public int Room { get; set; } = int.MaxValue;

    public IReadOnlyList<SpanRecord> Spans => Locked(() => _spans.ToList());

    public IReadOnlyList<LogRecord> Lines => Locked(() => _lines.ToList());

    public IReadOnlyList<(string Source, IncomingSample Sample)> Samples => Locked(() => _samples.ToList());

    public IReadOnlyList<MetricMetadata> Metadata => Locked(() => _metadata.ToList());

    public static async Task<OtlpDoors> OpenAsync()
    {
        var doors = new OtlpDoors();
        await doors._app.StartAsync();
        var addresses = doors._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        (doors.Http, doors.Grpc) = (new Uri(addresses[0]), new Uri(addresses[1]));
        doors.Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = doors.Http, Timeout = TimeSpan.FromSeconds(30) };
        return doors;
    }

    public int Append(ReadOnlySpan<SpanRecord> spans) => Take(_spans, spans);

    public int Append(ReadOnlySpan<LogRecord> records) => Take(_lines, records);

    public AppendCounts Append(string source, ReadOnlySpan<IncomingSample> samples)
    {
        var stored = 0;
        lock (_gate)
        {
            foreach (var sample in samples)
            {
                if (stored < Room)
                {
                    _samples.Add((source, sample));
                    stored++;
                }
            }
        }

        return new AppendCounts(stored, 0, 0, samples.Length - stored);
    }

    public void Describe(MetricMetadata metadata)
    {
        lock (_gate)
        {
            _metadata.Add(metadata);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private int Take<T>(List<T> list, ReadOnlySpan<T> items)
    {
        lock (_gate)
        {
            var taken = Math.Min(Room, items.Length);
            list.AddRange(items[..taken]);
            return taken;
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
