using System.Collections.Concurrent;
using System.Diagnostics;
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
    private const string TraceId = "5bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task A_request_is_one_span_of_its_senders_trace()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                // Other tests run beside this one; their requests belong to other traces.
                if (span.TraceId.ToHexString() == TraceId)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/notes");
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
        using var response = await service.Client.SendAsync(request);
        await Eventually.TrueAsync(() => spans.Any(span => span.Source.Name == "Slipway.sample"), "the span ends");

        var server = Assert.Single(spans, span => span.Kind == ActivityKind.Server && span.Source.Name == "Slipway.sample");
        Assert.Equal("GET /api/v1/notes", server.DisplayName);
        Assert.Equal("00f067aa0ba902b7", server.ParentSpanId.ToHexString());
        Assert.Equal(200, server.GetTagItem("http.response.status_code"));
    }

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
