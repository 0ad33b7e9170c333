using System.Buffers;
using System.Text;
using Slipway.Telemetry.Exposition;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Tests.Metrics;

namespace Slipway.Telemetry.Tests.Exposition;

public sealed class ExpositionWriterTests
{
    private static readonly LabelSet s_requests = TestStore.Series("requests_total", ("path", "/\"a\\b\n"));

    [Fact]
    public void The_text_form_says_a_counter_by_its_whole_name_and_times_in_milliseconds() =>
        Assert.Equal(
            "# TYPE requests_total counter\n# HELP requests_total All of \"them\".\\n\nrequests_total{path=\"/\\\"a\\\\b\\n\"} 1.5 1700000000123\n",
            Written(ExpositionForm.Text));

    [Fact]
    public void OpenMetrics_says_a_counter_without_its_ending_and_has_exemplars_and_an_end() =>
        Assert.Equal(
            "# TYPE requests counter\n# HELP requests All of \\\"them\\\".\\n\nrequests_total{path=\"/\\\"a\\\\b\\n\"} 1.5 1700000000.123 # {trace_id=\"ab\"} 0.25 1700000000\n# EOF\n",
            Written(ExpositionForm.OpenMetrics));

    [Theory]
    [InlineData("counter", "requests", "unknown", "untyped-counter")]
    [InlineData("unknown", "requests", "unknown", "untyped")]
    [InlineData("info", "requests", "unknown", "untyped")]
    [InlineData("histogram", "requests", "histogram", "histogram")]
    public void A_kind_the_form_does_not_have_is_said_as_one_it_has(string kind, string name, string open, string text)
    {
        Assert.StartsWith($"# TYPE {name} {open}\n", Family(ExpositionForm.OpenMetrics), StringComparison.Ordinal);
        Assert.StartsWith($"# TYPE {name} {text.Split('-')[^1]}\n", Family(ExpositionForm.Text), StringComparison.Ordinal);

        string Family(ExpositionForm form)
        {
            var output = new ArrayBufferWriter<byte>();
            new ExpositionWriter(output, form).Family(name, kind, "");
            return Encoding.UTF8.GetString(output.WrittenSpan);
        }
    }

    [Fact]
    public void What_was_written_is_read_again_as_the_same() => Property.Holds(300, dice =>
    {
        var form = dice.Next(2) == 0 ? ExpositionForm.Text : ExpositionForm.OpenMetrics;
        var output = new ArrayBufferWriter<byte>();
        var writer = new ExpositionWriter(output, form);
        var expected = new List<IncomingSample>();
        for (var i = 0; i < dice.Next(0, 20); i++)
        {
            var series = LabelSet.Of((LabelSet.MetricName, Text(dice, name: true)), (Text(dice, name: true), Text(dice, name: false)), ("n", $"{i}"));
            var exemplar = form == ExpositionForm.OpenMetrics && dice.Next(2) == 0
                ? new Exemplar(LabelSet.Of(("trace_id", Text(dice, name: false))), dice.NextDouble(), dice.NextInt64(0, 3_000_000_000_000))
                : null;
            var sample = new IncomingSample(series, dice.NextInt64(0, 3_000_000_000_000), ChunkTests.Samples(dice, 1)[0].Value, exemplar);
            expected.Add(sample);
            writer.Sample(sample.Series, sample.Value, sample.At, sample.Exemplar);
        }

        writer.End();
        var reader = new ExpositionReader(LabelSet.Empty);
        var failure = reader.Read(output.WrittenSpan, form, 0);
        return failure is null && reader.Samples.ToArray().SequenceEqual(expected);
    });

    private static string Text(Random dice, bool name) =>
        name
            ? dice.Next(6) switch { 0 => "http.requests", 1 => "ä \"b\"", 2 => "a\\b", _ => "metric_" + dice.Next(100) }
            : dice.Next(6) switch { 0 => "", 1 => "ä\n\"\\", 2 => "{a=\"b\"} # 1", 3 => "x,y", _ => "value" + dice.Next(100) };

    private static string Written(ExpositionForm form)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ExpositionWriter(output, form);
        writer.Family("requests_total", "counter", "All of \"them\".\n");
        writer.Sample(s_requests, 1.5, 1_700_000_000_123, new Exemplar(LabelSet.Of(("trace_id", "ab")), 0.25, 1_700_000_000_000));
        writer.End();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
