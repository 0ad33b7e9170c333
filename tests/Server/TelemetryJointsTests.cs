using Slipway.Server.Joints;
using Slipway.Server.Settings;

namespace Slipway.Server.Tests;

public sealed class TelemetryJointsTests
{
    private static readonly DateTimeOffset s_read = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_line_of_the_gateway_belongs_to_the_service_that_was_asked_and_is_as_grave_as_its_status()
    {
        var record = PlatformLines.OfGateway(
            """{"timestamp":"2026-05-04T11:59:58.5Z","http.response.status_code":503,"service.namespace":"shop","service.name":"orders","service.revision":"orders-00001","instance.id":"orders-00001-a","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}""",
            s_read);

        Assert.Equal(
            "{instance=\"orders-00001-a\",level=\"error\",namespace=\"shop\",revision=\"orders-00001\",service=\"orders\",stream=\"access\"}", record.Stream.ToString());
        Assert.Equal(("4bf92f3577b34da6a3ce929d0e0e4736", (s_read.AddSeconds(-1.5) - DateTimeOffset.UnixEpoch).Ticks * 100), (record.TraceId, record.Nanoseconds));
    }

    [Fact]
    public void A_request_that_found_no_service_is_the_gateways_own() =>
        Assert.Equal("{level=\"warning\",namespace=\"slipway-system\",service=\"slipway-gateway\",stream=\"access\"}", PlatformLines.OfGateway("""{"http.response.status_code":404}""", s_read).Stream.ToString());

    [Theory]
    [InlineData("""{"level":"Warning","message":"x"}""", "warning")]
    [InlineData("""{"level":"Info""", "unknown")]
    public void A_line_of_the_server_has_its_level_even_if_a_crash_has_torn_it(string line, string level) =>
        Assert.Equal(level, PlatformLines.OfServer(line, s_read).Stream["level"]);

    [Fact]
    public void Ports_of_telemetry_are_held_against_all_others()
    {
        var (_, problems) = ServerSettings.Read(name => name == "PROMETHEUS_PORT" ? "8080" : name == "SLIPWAY_TELEMETRY_RETENTION" ? "forever" : null);

        Assert.Contains("SLIPWAY_GATEWAY_PORT and PROMETHEUS_PORT are both 8080: give each a port of its own", problems);
        Assert.Contains(problems, problem => problem.StartsWith("SLIPWAY_TELEMETRY_RETENTION", StringComparison.Ordinal));
    }
}
