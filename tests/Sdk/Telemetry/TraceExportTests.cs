using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Sample;

namespace Slipway.Sdk.Tests.Telemetry;

public sealed class TraceExportTests
{
    [Fact]
    public async Task Spans_and_figures_reach_a_collector_when_one_is_configured()
    {
        var received = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var collector = builder.Build();
        collector.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.AddOrUpdate(http.Request.Path.Value!, _ => Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();
        var address = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        await using (var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map, new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address }))
        {
            // Exporting begins beside serving, so the first requests may come too early for it.
            await Eventually.TrueAsync(
                async () =>
                {
                    using var response = await service.Client.GetAsync("/api/v1/notes");
                    return received.GetValueOrDefault("/v1/traces")?.Contains("GET /api/v1/notes", StringComparison.Ordinal) is true;
                },
                "a span arrives");
        }

        Assert.Contains("sample", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", received["/v1/metrics"], StringComparison.Ordinal);
    }
}
