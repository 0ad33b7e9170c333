using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Telemetry;

/// <summary>
/// Sends traces and metrics to a collector. Only this class refers to the OpenTelemetry packages, and it is only touched if
/// a collector is configured, so nobody else pays for loading them.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    /// <summary>The exporter itself reads the OTEL_EXPORTER_OTLP_… variables, as every OpenTelemetry program does.</summary>
    public OtlpExport(ServiceIdentity identity, Uri endpoint)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService(
            identity.Name, serviceVersion: identity.Version, autoGenerateServiceInstanceId: false, serviceInstanceId: identity.Instance);
        var grpc = endpoint.Port == 4317;
        _traces = OpenTelemetry.Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Slipway.*", "Npgsql", "System.Net.Http")
            .AddOtlpExporter(exporter => Configure(exporter, endpoint, grpc, "v1/traces"))
            .Build();
        _metrics = OpenTelemetry.Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Slipway.*", "Npgsql")
            .AddOtlpExporter(exporter => Configure(exporter, endpoint, grpc, "v1/metrics"))
            .Build();
    }

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static void Configure(OpenTelemetry.Exporter.OtlpExporterOptions exporter, Uri endpoint, bool grpc, string path)
    {
        exporter.Protocol = grpc ? OpenTelemetry.Exporter.OtlpExportProtocol.Grpc : OpenTelemetry.Exporter.OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = grpc ? endpoint : new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
        exporter.TimeoutMilliseconds = 5_000;
    }
}
