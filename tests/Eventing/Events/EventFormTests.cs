using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Eventing.Events;
using Slipway.Eventing.Tests.Hosting;

namespace Slipway.Eventing.Tests.Events;

public sealed class EventFormTests
{
    private static readonly Gen<string> s_texts = Gen.Elements("a", "with blank", "50%", "köln", "☂ umbrella", "\"quoted\"", "a=b;c", "𝄞", "%41", "plain-1.2_3", "/path/x?y#z", "~");

    private static readonly Gen<CloudEvent> s_events =
        from id in s_texts
        from subject in s_texts
        from tenant in s_texts
        from data in Gen.Elements<string?>(null, "{}", "{\"a\":[1,null,\"ü\"]}", "7", "\"text\"")
        select Tell.Event(id, subject, data: data, more: [("tenant", tenant), ("datacontenttype", "application/json")]);

    [Fact]
    public void An_event_says_the_same_in_headers_and_in_JSON() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(
            Arb.From(s_events),
            told =>
            {
                var structured = StructuredEvents.Read(StructuredEvents.Bytes(told)).Value;
                var headers = BinaryEvents.Headers(told).ToList();
                var binary = BinaryEvents.Read(headers, told.DataContentType, told.Data ?? default).Value;
                var stored = StoredAttributes.Read(StoredAttributes.Write(told), told.Data?.ToArray());
                return headers.TrueForAll(header => header.Value.All(letter => letter is >= ' ' and < '\x7f'))
                    && new[] { structured, binary, stored }.All(other => Same(told, other));
            }));

    [Fact]
    public void Any_text_travels_through_a_header() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonNull<string>>(),
            text =>
            {
                var whole = new UTF8Encoding(false).GetString(new UTF8Encoding(false).GetBytes(text.Get));
                var header = HeaderText.Encode(whole);
                return header.All(char.IsAscii) && HeaderText.Decode(header) == whole;
            }));

    [Fact]
    public void No_bytes_break_the_reader() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(
            Arb.From(Gen.Elements(Hostile.Documents).SelectMany(text => Gen.Choose(0, 4).SelectMany(_ => Hostile.Damaged(text)))),
            bytes =>
            {
                var one = StructuredEvents.Read(bytes);
                var many = StructuredEvents.ReadBatch(bytes);
                return (one.Succeeded || one.Failure!.Detail.Length > 0) && (many.Succeeded || many.Failure!.Detail.Length > 0);
            }));

    [Theory]
    [InlineData("""{"specversion":"0.3","id":"1","source":"/s","type":"t"}""", "specversion")]
    [InlineData("""{"specversion":"1.0","source":"/s","type":"t"}""", "id")]
    [InlineData("""{"specversion":"1.0","id":"","source":"/s","type":"t"}""", "id")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"t"}""", "source")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s"}""", "type")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"yesterday"}""", "time")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","Tenant":"x"}""", "Tenant")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","tenant":{}}""", "tenant")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","tenant":"a\u0000b"}""", "tenant")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","tenant":1.5}""", "tenant")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data":1,"data_base64":"AA=="}""", "data_base64")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s","type":"t","data_base64":"?"}""", "data_base64")]
    public void A_problem_names_its_attribute(string document, string attribute)
    {
        var failure = StructuredEvents.Read(Encoding.UTF8.GetBytes(document)).Failure!;

        Assert.StartsWith(attribute + " ", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(attribute, Assert.Single(failure.Findings).Field);
    }

    [Fact]
    public void Data_that_is_no_JSON_travels_as_text_or_base64()
    {
        var text = StructuredEvents.Read("""{"specversion":"1.0","id":"1","source":"/s","type":"t","datacontenttype":"text/plain","data":"héllo"}"""u8.ToArray()).Value;
        var bytes = StructuredEvents.Read("""{"specversion":"1.0","id":"1","source":"/s","type":"t","datacontenttype":"image/png","data_base64":"AAEC"}"""u8.ToArray()).Value;

        Assert.Equal("héllo", text.Text());
        Assert.Equal([0, 1, 2], bytes.Data!.Value.ToArray());
        Assert.Contains("\"data_base64\":\"AAEC\"", Encoding.UTF8.GetString(StructuredEvents.Bytes(bytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_lie_where_they_always_lay()
    {
        // These are written down in logs: another answer would tear keys apart.
        Assert.Equal([1, 0, 2, 1], new[] { "a", "order-1", "0198f2c5-11aa-7b02-8f3d-77d0c1e5a902", "köln" }.Select(key => Places.Partition(key, 3)));
        Assert.Equal("k", Tell.Event("1", "s", more: ("partitionkey", "k")).Key);
        Assert.Equal("s", Tell.Event("1", "s").Key);
        Assert.Equal("1", Tell.Event("1").Key);
    }

    [Fact]
    public void Keys_spread_evenly()
    {
        var counts = Enumerable.Range(0, 9_000).GroupBy(number => Places.Partition($"order-{number}", 3)).Select(group => group.Count()).ToList();

        Assert.Equal(3, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 2_700, 3_300));
    }

    [Fact]
    public void The_shops_envelope_becomes_an_event_and_comes_back()
    {
        using var document = JsonDocument.Parse(
            """{"id":"e1","type":"order.created","payload":{"orderId":"o-1","amount":5},"timestamp":"2026-01-01T10:00:00Z","metadata":{"correlationId":"c-1","userId":"u-1","service":"orders"}}""");

        var (topic, told) = Envelope.Read(document.RootElement).Value;

        Assert.Equal("order-events", topic);
        Assert.Equal(("slipway.retail.order.created.v1", "/retail/orders", "o-1", "c-1", "u-1"), (told.Type, told.Source, told.Key, told.Attribute("correlationid"), told.Attribute("authid")));
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Envelope.Write(writer, topic, told, DateTimeOffset.UnixEpoch);
        }

        Assert.Equal(
            """{"topic":"order-events","id":"e1","type":"order.created","payload":{"orderId":"o-1","amount":5},"timestamp":"2026-01-01T10:00:00Z","metadata":{"correlationId":"c-1","userId":"u-1","service":"orders"}}""",
            Encoding.UTF8.GetString(buffer.ToArray()));
    }

    [Theory]
    [InlineData("inventory.low_stock", "slipway.retail.inventory.low_stock.v1", "inventory-events")]
    [InlineData("user.deleted", "slipway.retail.user.deleted.v1", "user-events")]
    [InlineData("slipway.retail.payment.failed.v2", "slipway.retail.payment.failed.v2", "payment-events")]
    public void Types_and_topics_follow_from_the_short_name(string given, string type, string topic)
    {
        using var document = JsonDocument.Parse(
            $$$"""{"id":"1","type":"{{{given}}}","payload":{},"timestamp":"2026-01-01T10:00:00Z","metadata":{"correlationId":"c","service":"s"}}""");

        var read = Envelope.Read(document.RootElement).Value;

        Assert.Equal((topic, type), (read.Topic, read.Event.Type));
    }

    [Theory]
    [InlineData("""{"type":"a.b","payload":{},"timestamp":"2026-01-01T10:00:00Z","metadata":{"correlationId":"c","service":"s"}}""", "/id")]
    [InlineData("""{"id":"1","type":"a.b","payload":[],"timestamp":"2026-01-01T10:00:00Z","metadata":{"correlationId":"c","service":"s"}}""", "/payload")]
    [InlineData("""{"id":"1","type":"a.b","payload":{},"timestamp":"2026-01-01T10:00:00Z","metadata":{"service":"s"}}""", "/metadata/correlationId")]
    [InlineData("""{"id":"1","type":"a.b","payload":{},"timestamp":"2026-01-01T10:00:00Z","metadata":{"correlationId":"c"}}""", "/metadata/service")]
    public void An_envelope_without_what_it_needs_is_refused_by_name(string envelope, string member)
    {
        using var document = JsonDocument.Parse(envelope);

        Assert.Equal(member, Assert.Single(Envelope.Read(document.RootElement).Failure!.Findings).Field);
    }

    private static bool Same(CloudEvent told, CloudEvent other) =>
        told.Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal).SequenceEqual(other.Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        && told.Data.HasValue == other.Data.HasValue && told.Text() == other.Text();
}
