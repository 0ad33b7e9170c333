using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpanKind = Slipway.Telemetry.Traces.SpanKind;
using SpanStatus = Slipway.Telemetry.Traces.SpanStatus;

namespace Slipway.Telemetry.Tests.Otlp;

/// <summary>The exporter of the OpenTelemetry project sends to the doors.</summary>
public sealed class RealExporterTests
{
    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task Spans_arrive_as_they_were_made(OtlpExportProtocol protocol)
    {
        await using var doors = await OtlpDoors.OpenAsync();
        var name = $"test.{protocol}.{Guid.NewGuid():N}";
        using var source = new ActivitySource(name);
        string traceId;
        using (var provider = OpenTelemetry.Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddSource(name)
            .AddOtlpExporter(options => Configure(options, doors, protocol, "v1/traces"))
            .Build())
        {
            using (var root = source.StartActivity("GET /orders", ActivityKind.Server)!)
            {
                traceId = root.TraceId.ToHexString();
                root.SetTag("http.response.status_code", 500).SetTag("price", 1.5).SetTag("cached", false).SetTag("tags", new[] { "a", "b" });
                root.AddEvent(new ActivityEvent("exception", tags: new ActivityTagsCollection { ["exception.type"] = "Broken" }));
                root.SetStatus(ActivityStatusCode.Error, "it broke");
                using var child = source.StartActivity("SELECT", ActivityKind.Client);
            }

            Assert.True(provider.ForceFlush(20_000));
        }

        Assert.Equal(2, doors.Spans.Count);
        var server = doors.Spans.Single(span => span.Kind == SpanKind.Server);
        Assert.Equal((traceId, "GET /orders", "orders", SpanStatus.Error, "it broke"), (server.TraceId, server.Name, server.Service, server.Status, server.StatusMessage));
        Assert.Equal("shop", server.Resource.Single(attribute => attribute.Name == "service.namespace").Value.ToString());
        Assert.Equal(
            ["500", "1.5", "false", """["a","b"]"""],
            new[] { "http.response.status_code", "price", "cached", "tags" }.Select(key => server.Attributes.Single(attribute => attribute.Name == key).Value.ToString()));
        Assert.Equal("Broken", Assert.Single(server.Events).Attributes.Single().Value.ToString());
        var client = doors.Spans.Single(span => span.Kind == SpanKind.Client);
        Assert.Equal((server.TraceId, server.SpanId), (client.TraceId, client.ParentSpanId));
        Assert.True(client.Start >= server.Start && client.End <= server.End);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task Metrics_arrive_under_the_names_prometheus_gives_them(OtlpExportProtocol protocol)
    {
        await using var doors = await OtlpDoors.OpenAsync();
        var name = $"test.{protocol}.{Guid.NewGuid():N}";
        using var meter = new Meter(name);
        using (var provider = OpenTelemetry.Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddMeter(name)
            .AddView("small", new ExplicitBucketHistogramConfiguration { Boundaries = [0.1, 1] })
            .AddView("wide", new Base2ExponentialBucketHistogramConfiguration())
            .AddOtlpExporter((options, reader) =>
            {
                Configure(options, doors, protocol, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 600_000;
            })
            .Build())
        {
            meter.CreateCounter<long>("orders.placed", "{order}").Add(3, new KeyValuePair<string, object?>("http.route", "/orders"));
            meter.CreateHistogram<double>("small", "s").Record(0.5);
            meter.CreateHistogram<double>("wide", "ms").Record(8);
            meter.CreateObservableGauge("heap", () => 7, "By");
            Assert.True(provider.ForceFlush(20_000));
        }

        var samples = doors.Samples.DistinctBy(entry => entry.Sample.Series).ToDictionary(entry => entry.Sample.Series.ToString(), entry => entry.Sample.Value);
        const string Own = "instance=\"i-1\",job=\"orders\"";
        Assert.Equal(3, samples[$"orders_placed_total{{http_route=\"/orders\",{Own},namespace=\"shop\",revision=\"r-1\",service=\"orders\"}}"]);
        const string Ending = $"{Own},le=\"0.1\",namespace=\"shop\",revision=\"r-1\",service=\"orders\"}}";
        Assert.Equal(0, samples["small_seconds_bucket{" + Ending]);
        Assert.Equal(1, samples["small_seconds_bucket{" + Ending.Replace("0.1", "+Inf", StringComparison.Ordinal)]);
        Assert.Equal(1, samples["wide_milliseconds_bucket{" + Ending.Replace("\"0.1\"", "\"8\"", StringComparison.Ordinal)]);
        Assert.Equal(7, samples.Single(sample => sample.Key.StartsWith("heap_bytes{", StringComparison.Ordinal)).Value);
        Assert.All(doors.Samples, entry => Assert.Equal("shop/orders", entry.Source));
        Assert.Contains(doors.Metadata, metadata => metadata is { Metric: "orders_placed_total", Kind: "counter" });
    }

    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService("orders", serviceNamespace: "shop", autoGenerateServiceInstanceId: false, serviceInstanceId: "i-1")
        .AddAttributes([new KeyValuePair<string, object>("slipway.revision", "r-1")]);

    private static void Configure(OtlpExporterOptions options, OtlpDoors doors, OtlpExportProtocol protocol, string path)
    {
        options.Protocol = protocol;
        options.Endpoint = protocol == OtlpExportProtocol.Grpc ? doors.Grpc : new Uri(doors.Http, path);
        options.TimeoutMilliseconds = 20_000;
    }
}
