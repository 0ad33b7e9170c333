namespace Slipway.Telemetry.Tests;

public sealed class TelemetrySettingsTests
{
    [Fact]
    public void Without_any_variable_the_documented_defaults_hold()
    {
        var (settings, problems) = Read();

        Assert.Empty(problems);
        Assert.Equal((true, 9090, 4318, 4317, false), (settings.Enabled, settings.Port, settings.OtlpPort, settings.OtlpGrpcPort, settings.Open));
        Assert.Equal((TimeSpan.FromDays(15), TimeSpan.FromSeconds(15), 0.10), (settings.Retention, settings.ScrapeInterval, settings.TraceRatio));
        Assert.Equal((2L << 30, 4L << 30, 2L << 30, 256L << 20), (settings.MetricsBytesMax, settings.LogsBytesMax, settings.TracesBytesMax, settings.MemoryBytesMax));
    }

    [Fact]
    public void Sizes_times_and_shares_are_written_as_people_write_them()
    {
        var (settings, problems) = Read(
            ("SLIPWAY_TELEMETRY_RETENTION", "36h"), ("SLIPWAY_TELEMETRY_LOGS_BYTES", "512MiB"), ("SLIPWAY_TELEMETRY_TRACE_RATIOS", "orders=1, cart=0.5"),
            ("SLIPWAY_TELEMETRY_OTLP_EXPORT", "https://collector.example.org"), ("SLIPWAY_TELEMETRY_OTLP_EXPORT_HEADERS", "api-key=a%20b"));

        Assert.Empty(problems);
        Assert.Equal((TimeSpan.FromHours(36), 512L << 20, 1.0, 0.5), (settings.Retention, settings.LogsBytesMax, settings.TraceRatios["orders"], settings.TraceRatios["cart"]));
        Assert.Equal(("collector.example.org", "a b"), (settings.OtlpExport!.Host, settings.OtlpExportHeaders[0].Value));
    }

    [Theory]
    [InlineData("SLIPWAY_TELEMETRY_PORT", "http")]
    [InlineData("SLIPWAY_TELEMETRY_RETENTION", "a fortnight")]
    [InlineData("SLIPWAY_TELEMETRY_METRICS_BYTES", "1MiB")]
    [InlineData("SLIPWAY_TELEMETRY_TRACE_RATIO", "10%")]
    [InlineData("SLIPWAY_TELEMETRY_TRACE_RATIOS", "orders:1")]
    [InlineData("SLIPWAY_TELEMETRY_OPEN", "maybe")]
    [InlineData("SLIPWAY_TELEMETRY_LOKI_EXPORT", "loki:3100")]
    [InlineData("SLIPWAY_TELEMETRY_SCRAPE_SECONDS", "0")]
    public void A_value_that_cannot_be_used_is_told_with_its_name_and_what_it_was(string name, string value)
    {
        var problem = Assert.Single(Read((name, value)).Problems);

        Assert.StartsWith(name, problem, StringComparison.Ordinal);
        Assert.Contains(value, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_of_zero_is_no_port_and_what_is_off_takes_none()
    {
        Assert.Equal(["SLIPWAY_TELEMETRY_PORT", "SLIPWAY_OTLP_PORT"], Read(("SLIPWAY_OTLP_GRPC_PORT", "0")).Settings.Ports.Select(port => port.Name));
        Assert.Empty(Read(("SLIPWAY_TELEMETRY", "off")).Settings.Ports);
    }

    private static (TelemetrySettings Settings, IReadOnlyList<string> Problems) Read(params (string Name, string Value)[] variables) =>
        TelemetrySettings.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
