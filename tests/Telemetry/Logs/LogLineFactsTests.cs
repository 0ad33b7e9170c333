using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Tests.Logs;

public sealed class LogLineFactsTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Theory]
    [InlineData("""{"level":"info"}""", "info", null)]
    [InlineData("""  { "message" : "x" , "Level" : "Information" }""", "info", null)]
    [InlineData("""{"severity":"WARN","x":[1,{"level":"error"}],"trace_id":"4BF92F3577B34DA6A3CE929D0E0E4736"}""", "warning", Trace)]
    [InlineData("""{"x":{"level":"error"},"LogLevel":"Critical"}""", "critical", null)]
    [InlineData("""{"a":"\"level\":\"error\"","b":-1.5e3,"c":true,"lvl":"dbg"}""", "debug", null)]
    [InlineData("""{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","level":"Verbose"}""", "trace", Trace)]
    [InlineData("""{"trace_id":"00000000000000000000000000000000","level":"ERROR"}""", "error", null)]
    [InlineData("""{"trace_id":"short","level":17}""", "unknown", null)]
    [InlineData("""{"level":"whatever"}""", "unknown", null)]
    [InlineData("""{"a":[],"b":{},"level":"error"}""", "error", null)]
    [InlineData("""level=info""", "unknown", null)]
    [InlineData("""["level","info"]""", "unknown", null)]
    [InlineData("", "unknown", null)]
    [InlineData("{", "unknown", null)]
    [InlineData("""{"level""", "unknown", null)]
    [InlineData("""{"level":""", "unknown", null)]
    [InlineData("""{"level":"err\""", "unknown", null)]
    [InlineData("""{"a":1}{"level":"info"}""", "unknown", null)]
    public void Level_and_trace_are_taken_from_the_outermost_object(string line, string level, string? trace) =>
        Assert.Equal(new LogLineFacts(level, trace), LogLineFacts.Read(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void It_agrees_with_a_parser_on_any_object_and_never_fails_on_anything() =>
        Prop.ForAll<NonNull<string>, NonNull<string>, PositiveInt>((key, text, cut) =>
        {
            using var body = new MemoryStream();
            using (var json = new Utf8JsonWriter(body))
            {
                json.WriteStartObject();
                json.WriteString("x" + key.Get, text.Get);
                json.WriteStartObject("nested");
                json.WriteString("level", text.Get);
                json.WriteEndObject();
                json.WriteString("level", "error");
                json.WriteString("trace_id", Trace);
                json.WriteEndObject();
            }

            var line = body.ToArray();
            _ = LogLineFacts.Read(line.AsSpan(0, cut.Get % line.Length));
            _ = LogLineFacts.Read(Encoding.UTF8.GetBytes("{" + text.Get));
            return LogLineFacts.Read(line) == new LogLineFacts("error", Trace);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
