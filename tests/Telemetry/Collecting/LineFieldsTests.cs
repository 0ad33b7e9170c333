using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Collecting;

namespace Slipway.Telemetry.Tests.Collecting;

public sealed class LineFieldsTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Theory]
    [InlineData("""{"level":"info","message":"x"}""", "info")]
    [InlineData("""{"level":"Information"}""", "info")]
    [InlineData("""{"msg":"x","level":"WARN"}""", "warning")]
    [InlineData("""{"severity":"ERROR"}""", "error")]
    [InlineData("""{"level":50,"msg":"pino"}""", "error")]
    [InlineData("""{"level":"strange"}""", "unknown")]
    [InlineData("""{"message":"no level"}""", "unknown")]
    [InlineData("""  {"nested":{"level":"error"},"level":"debug"}""", "debug")]
    [InlineData("plain text with level=error", "unknown")]
    [InlineData("""{"level":"error" torn""", "unknown")]
    [InlineData("", "unknown")]
    public void The_level_is_read_from_lines_that_are_objects(string line, string level) => Assert.Equal(level, LineFields.Of(line).Level);

    [Fact]
    public void The_trace_is_read_however_the_field_is_written()
    {
        Assert.Equal(Trace, LineFields.Of($$"""{"trace_id":"{{Trace}}"}""").TraceId);
        Assert.Equal(Trace, LineFields.Of($$"""{"TraceId":"{{Trace.ToUpperInvariant()}}"}""").TraceId);
    }

    [Theory]
    [InlineData("4bf92f3577b34da6")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("zbf92f3577b34da6a3ce929d0e0e4736")]
    public void What_is_no_id_of_a_trace_is_left_out(string id) => Assert.Null(LineFields.Of($$"""{"trace_id":"{{id}}"}""").TraceId);

    [Fact]
    public void No_line_whatever_breaks_the_reading() =>
        Prop.ForAll<string?>(text =>
        {
            LineFields.Of("{" + text);
            LineFields.Of(text ?? "");
        }).QuickCheckThrowOnFailure();
}
