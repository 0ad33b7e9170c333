using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Gateway;
using Slipway.Gateway.Recording;
using Slipway.Runtime.Endpoints;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Service;

namespace Slipway.Overhead.Bench;

/// <summary>The processes between a client and its answer, and the collector beside them.</summary>
internal static class Parts
{
    private const string Snapshot = """
        {"version":1,"services":[{"namespace":"default","name":"bench","traffic":[{"revisionName":"bench-00001","percent":100}]}],"revisions":[{"namespace":"default","name":"bench-00001"}]}
        """;

    /// <summary>Takes everything and keeps nothing: what storing spans costs is the store's own affair.</summary>
    public static async Task<int> CollectorAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.Run(static async http => await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted));
        await app.StartAsync();
        return await AnswerAsync(AddressOf(app), () => Task.FromResult(0L));
    }

    /// <summary>A service as people write it, with its access lines; it samples nothing away.</summary>
    public static async Task<int> ServiceAsync(string? collector)
    {
        string[] args = ["--set", "PORT=0", "--set", "HOST=127.0.0.1", "--set", "LIMITS=off", "--set", "OTEL_METRICS_EXPORTER=none", "--set", $"OTEL_EXPORTER_OTLP_ENDPOINT={collector}"];
        var service = SlipwayService.Create("bench", args, options =>
        {
            options.Environment = _ => null;
            options.Output = () => Stream.Null;
        });
        await using var app = service.Build(app => app.MapGet("/api/v1/things/{id}", static (string id) => Results.Text(id)).OpenToAll("a bench"));
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://{AddressOf(app)}") };
        return await AnswerAsync(AddressOf(app), async () => Dropped(await http.GetStringAsync("/metrics")));
    }

    public static async Task<int> GatewayAsync(IPEndPoint service, bool traced)
    {
        var snapshot = Path.GetTempFileName();
        await File.WriteAllTextAsync(snapshot, Snapshot);
        var directory = new EndpointDirectory();
        directory.Publish(new RevisionEndpoints(new RevisionKey("default", "bench-00001"), [new Runtime.Endpoints.Endpoint("bench-0", service)], 0, false));
        await using var gateway = new GatewayServer(
            new GatewaySettings { Plain = [new IPEndPoint(IPAddress.Loopback, 0)], SnapshotPath = snapshot }, directory, new Nobody(), TimeProvider.System, NullLoggerFactory.Instance);
        if (traced)
        {
            gateway.RecordSpans(new Reader());
        }

        await gateway.StartAsync(CancellationToken.None);
        var code = await AnswerAsync(gateway.PlainEndpoints[0], () => Task.FromResult(Dropped(gateway.PrometheusText())));
        File.Delete(snapshot);
        return code;
    }

    private static IPEndPoint AddressOf(WebApplication app) =>
        IPEndPoint.Parse(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority);

    private static long Dropped(string figures) =>
        figures.Split('\n').Where(line => !line.StartsWith('#') && line.Contains("spans_dropped_total ", StringComparison.Ordinal)).Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static async Task<int> AnswerAsync(IPEndPoint address, Func<Task<long>> dropped)
    {
        Console.WriteLine(address);
        while (await Console.In.ReadLineAsync() is not null)
        {
            var micros = Environment.CpuUsage.TotalTime.TotalMicroseconds;
            var lost = await dropped();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{micros:F0} {lost}"));
        }

        return 0;
    }

    /// <summary>Makes of a span what a store needs of it at least.</summary>
    private sealed class Reader : IRequestSpans
    {
        private long _length;

        public void Add(in RequestSpan span) => _length += span.TraceId.Length + span.SpanId.Length + (span.ParentSpanId?.Length ?? 0) + span.Path.Length;
    }

    private sealed class Nobody : IWakeUp
    {
        public void Wanted(RevisionKey revision)
        {
            // The one instance there is runs already.
        }
    }
}
