using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Otlp.Decoding;
using Slipway.Telemetry.Otlp.Json;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Tests.Traces;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Tests.Otlp;

public sealed class HostileMessageTests
{
    private static readonly Gen<byte[]> s_bytes = Gen.ArrayOf(Gen.Choose(0, 255).Select(number => (byte)number));

    [Fact]
    public void Random_bytes_are_answered_and_never_throw() =>
        Prop.ForAll(Arb.From(s_bytes.Resize(400)), ReadAll).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Valid_messages_with_some_bytes_changed_are_answered_and_never_throw()
    {
        var valid = Encoded([.. Enumerable.Range(0, 5).Select(Rich)]);
        var changes = Gen.ListOf(from place in Gen.Choose(0, valid.Length - 1) from value in Gen.Choose(0, 255) select (place, (byte)value));
        Prop.ForAll(Arb.From(changes.Resize(8)), made =>
        {
            var changed = valid.ToArray();
            foreach (var (place, value) in made)
            {
                changed[place] = value;
            }

            ReadAll(changed);
            ReadAll(changed[..(made.Count * 37 % changed.Length)]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Random_text_as_json_is_answered_and_never_throws()
    {
        var pieces = Gen.Elements("{", "}", "[", "]", ":", ",", "\"resourceSpans\"", "\"scopeSpans\"", "\"spans\"", "\"traceId\"", "\"\\ud800\"", "1", "-1e9", "null", "true", "\"\"", "\"attributes\"", "\"value\"", "\"arrayValue\"", "\"values\"");
        Prop.ForAll(Arb.From(Gen.ListOf(pieces).Resize(60)), made =>
        {
            _ = JsonReading.Read(System.Text.Encoding.UTF8.GetBytes(string.Concat(made)), OtlpShapes.Traces, new ProtoWriter());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Values_nested_without_end_are_cut_off_and_take_little_memory()
    {
        var value = new byte[] { 0x0a, 1, (byte)'x' };
        for (var depth = 0; depth < 5000; depth++)
        {
            var writer = new ProtoWriter(16);
            var list = writer.Begin(5);
            writer.Bytes(1, value);
            writer.End(list);
            value = writer.ToArray();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.NotNull(AttributeReading.Value(value, new TextCache()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_length_beyond_the_end_takes_no_memory()
    {
        byte[] message = [0x0a, 0xff, 0xff, 0xff, 0xff, 0x07];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.NotNull(new TraceDecoder(new TextCache()).Decode(message).Mistake);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var spans = Enumerable.Range(0, 200).Select(Rich).ToList();
        var read = new TraceDecoder(new TextCache()).Decode(Encoded(spans));
        Assert.Null(read.Mistake);
        Assert.Equal(spans.OrderBy(span => span.SpanId).Select(Told), read.Spans.OrderBy(span => span.SpanId).Select(Told));
    }

    [Fact]
    public void What_is_written_as_json_reads_back_as_the_same_protobuf()
    {
        var message = Encoded([.. Enumerable.Range(0, 20).Select(Rich)]);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new System.Text.Json.Utf8JsonWriter(buffer))
        {
            JsonWriting.Write(message, OtlpShapes.Traces, json);
        }

        var again = new ProtoWriter();
        Assert.Null(JsonReading.Read(buffer.WrittenSpan, OtlpShapes.Traces, again));
        var texts = new TextCache();
        Assert.Equal(new TraceDecoder(texts).Decode(message).Spans.Select(Told), new TraceDecoder(texts).Decode(again.Written).Spans.Select(Told));
    }

    private static SpanRecord Rich(int number) => SpanMaker.Span(number / 3, number % 3, number % 3 == 0 ? null : 0, service: $"service-{number % 4}", status: (SpanStatus)(number % 3)) with
    {
        StatusMessage = number % 3 == 2 ? "bröken" : "",
        Attributes =
        [
            SpanMaker.Attribute("text", new string('é', number)), SpanMaker.Attribute("whole", -number), new SpanAttribute("fraction", AttributeValue.Of(number / 7.0)),
            new SpanAttribute("flag", AttributeValue.Of(number % 2 == 0)), new SpanAttribute("list", AttributeValue.Json("""[1,"a",true,{"k":[2.5]}]""")),
        ],
        Events = [new SpanEvent(SpanMaker.Noon + number, "event", [SpanMaker.Attribute("key", "value")])],
        Links = [new SpanLink(SpanMaker.TraceId(number + 7), SpanMaker.SpanId(number), [])],
    };

    private static string Told(SpanRecord span) => string.Join(
        '|', span.TraceId, span.SpanId, span.ParentSpanId, span.Service, span.Name, span.Kind, span.Start, span.End, span.Status, span.StatusMessage,
        string.Join(',', span.Attributes), string.Join(',', span.Resource), string.Join(',', span.Events.Select(happened => $"{happened.Nanoseconds}{happened.Name}{string.Join(',', happened.Attributes)}")),
        string.Join(',', span.Links.Select(link => link.TraceId + link.SpanId)));

    private static byte[] Encoded(IReadOnlyList<SpanRecord> spans)
    {
        var writer = new ProtoWriter();
        OtlpEncoder.Spans(spans.ToArray(), writer);
        return writer.ToArray();
    }

    private static void ReadAll(byte[] message)
    {
        var texts = new TextCache();
        _ = new TraceDecoder(texts).Decode(message);
        _ = new LogDecoder(texts, new ManualTime()).Decode(message);
        _ = new MetricDecoder(texts, new MetricTotals(), new ManualTime()).Decode(message);
    }
}
