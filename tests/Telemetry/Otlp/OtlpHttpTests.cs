using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Tests.Traces;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Tests.Otlp;

public sealed class OtlpHttpTests
{
    private const string Span = """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"x"},"spans":[
        {"traceId":"5BF92F3577B34DA6A3CE929D0E0E4736","spanId":"00f067aa0ba902b7","name":"GET /","kind":2,"startTimeUnixNano":"1893499200000000000",
        "endTimeUnixNano":1893499201000000000,"unknown":{"deep":[1,2]},"attributes":[{"key":"n","value":{"intValue":"7"}},{"key":"m","value":{"intValue":8}},
        {"key":"list","value":{"arrayValue":{"values":[{"boolValue":true},{"doubleValue":"NaN"}]}}}],"status":{"code":"STATUS_CODE_ERROR","message":"no"}}]}]}]}
        """;

    [Fact]
    public async Task Json_is_read_with_hexadecimal_ids_and_numbers_as_texts_or_numbers()
    {
        await using var doors = await OtlpDoors.OpenAsync();
        using var answer = await PostAsync(doors, "/v1/traces", Span);
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync());
        var span = Assert.Single(doors.Spans);
        Assert.Equal(("5bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", 1_000_000_000L, SpanStatus.Error, SpanKind.Server), (span.TraceId, span.SpanId, span.Nanoseconds, span.Status, span.Kind));
        Assert.Equal(["7", "8", "[true,null]"], span.Attributes.Select(attribute => attribute.Value.ToString()));
    }

    [Fact]
    public async Task Names_may_be_spelled_in_the_way_of_the_protocol_files()
    {
        await using var doors = await OtlpDoors.OpenAsync();
        using var answer = await PostAsync(doors, "/v1/traces", Span.Replace("resourceSpans", "resource_spans", StringComparison.Ordinal).Replace("traceId", "trace_id", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(doors.Spans);
    }

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"resourceSpans":7}""", "resourceSpans must be a list")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xyz"}]}]}]}""", "resourceSpans.scopeSpans.spans.traceId must be hexadecimal digits")]
    [InlineData("""{"resourceSpans":[]} {}""", "no JSON")]
    public async Task A_mistake_in_json_is_told_in_json_with_its_place(string body, string part)
    {
        await using var doors = await OtlpDoors.OpenAsync();
        using var answer = await PostAsync(doors, "/v1/traces", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(3, document.RootElement.GetProperty("code").GetInt32());
        Assert.Contains(part, document.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spans_without_ids_are_rejected_and_the_others_taken()
    {
        await using var doors = await OtlpDoors.OpenAsync();
        using var answer = await PostAsync(doors, "/v1/traces", Span.Replace("""[{"scope":""", """[{"spans":[{"name":"no id"}]},{"scope":""", StringComparison.Ordinal));
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("1", document.RootElement.GetProperty("partialSuccess").GetProperty("rejectedSpans").GetString());
        Assert.Single(doors.Spans);
    }

    [Fact]
    public async Task Protobuf_may_be_compressed_and_is_answered_in_protobuf()
    {
        await using var doors = await OtlpDoors.OpenAsync();
        doors.Room = 1;
        using var answer = await PostAsync(doors, Zip(Encoded(2)), "gzip");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/x-protobuf", answer.Content.Headers.ContentType?.MediaType);
        var partial = Field(await answer.Content.ReadAsByteArrayAsync(), 1);
        var reader = new ProtoReader(partial.Bytes);
        Assert.True(reader.Next());
        Assert.Equal(1UL, reader.Number);
        Assert.Single(doors.Spans);
    }

    [Fact]
    public async Task When_there_is_no_room_a_sender_is_told_when_to_come_back()
    {
        await using var doors = await OtlpDoors.OpenAsync();
        doors.Room = 0;
        using var answer = await PostAsync(doors, Encoded(1), null);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
        Assert.Equal(8UL, Field(await answer.Content.ReadAsByteArrayAsync(), 1).Number);
        Assert.Equal(1, doors.Services.TurnedAwayMessages);
    }

    [Theory]
    [InlineData("text/plain", null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-protobuf", "br", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-protobuf", "gzip", HttpStatusCode.BadRequest)]
    [InlineData("application/x-protobuf", null, HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_read_is_refused(string type, string? encoding, HttpStatusCode status)
    {
        await using var doors = await OtlpDoors.OpenAsync();
        using var content = new ByteArrayContent([0xff, 0xff, 0xff]);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var answer = await doors.Client.PostAsync("/v1/traces", content);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(0, doors.Services.Memory.Used);
    }

    [Fact]
    public async Task A_body_that_unpacks_to_more_than_allowed_is_too_large_however_small_it_came()
    {
        await using var doors = await OtlpDoors.OpenAsync();
        using var answer = await PostAsync(doors, Zip(new byte[OtlpServices.PlainMax + 1]), "gzip");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(0, doors.Services.Memory.Used);
    }

    [Fact]
    public async Task Lines_of_logs_keep_their_attributes_and_become_streams_by_program_and_level()
    {
        await using var doors = await OtlpDoors.OpenAsync();
        const string Body = """
            {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"orders"}},{"key":"service.namespace","value":{"stringValue":"shop"}}]},
            "scopeLogs":[{"logRecords":[{"timeUnixNano":"1893499200000000000","severityNumber":17,"body":{"stringValue":"plain line"},"traceId":"5bf92f3577b34da6a3ce929d0e0e4736"},
            {"severityText":"Information","body":{"stringValue":"bought"},"attributes":[{"key":"orderId","value":{"intValue":"7"}}]}]}]}]}
            """;
        using var answer = await PostAsync(doors, "/v1/logs", Body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var (plain, rich) = (doors.Lines[0], doors.Lines[1]);
        Assert.Equal(("plain line", "5bf92f3577b34da6a3ce929d0e0e4736", 1_893_499_200_000_000_000), (plain.Line, plain.TraceId, plain.Nanoseconds));
        Assert.Equal("""{level="error",namespace="shop",service="orders",stream="otlp"}""", plain.Stream.ToString());
        Assert.Equal("info", rich.Stream["level"]);
        using var line = JsonDocument.Parse(rich.Line);
        Assert.Equal(("bought", 7, "info"), (line.RootElement.GetProperty("message").GetString(), line.RootElement.GetProperty("orderId").GetInt32(), line.RootElement.GetProperty("level").GetString()));
    }

    [Fact]
    public async Task What_was_added_since_the_last_time_becomes_a_total()
    {
        await using var doors = await OtlpDoors.OpenAsync();
        for (var time = 1; time <= 3; time++)
        {
            var body = $$$"""
                {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"hits","sum":{"isMonotonic":true,"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"{{{time}}}000000","asInt":"5"}]}},
                {"name":"sizes","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"{{{time}}}000000","count":"3","sum":9,"scale":1,"zeroCount":"1","positive":{"offset":{{{time}}},"bucketCounts":["1","1"]}}]}},
                {"name":"waits","summary":{"dataPoints":[{"timeUnixNano":"{{{time}}}000000","count":"4","sum":2.5,"quantileValues":[{"quantile":0.5,"value":0.25}]}]}}]}]}]}
                """;
            using var answer = await PostAsync(doors, "/v1/metrics", body);
            Assert.Equal("{}", await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal([5, 10, 15], Values("hits_total", ""));
        Assert.Equal([1, 2, 3], Values("sizes_bucket", "0"));
        Assert.Equal([2, 3, 4], Values("sizes_bucket", "2"));
        Assert.Equal([3, 6, 9], Values("sizes_bucket", "+Inf"));
        Assert.Equal([9, 18, 27], Values("sizes_sum", ""));
        Assert.Equal([0.25, 0.25, 0.25], Values("waits", ""));

        IEnumerable<double> Values(string metric, string bound) =>
            doors.Samples.Where(entry => entry.Sample.Series.Metric == metric && entry.Sample.Series["le"] == bound).Select(entry => entry.Sample.Value);
    }

    private static byte[] Encoded(int spans)
    {
        var writer = new ProtoWriter();
        OtlpEncoder.Spans([.. Enumerable.Range(0, spans).Select(number => SpanMaker.Span(1, number))], writer);
        return writer.ToArray();
    }

    private static (ulong Number, byte[] Bytes) Field(byte[] message, int field)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == field)
            {
                return (reader.Number, reader.Bytes.ToArray());
            }
        }

        return (0, []);
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            zip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static async Task<HttpResponseMessage> PostAsync(OtlpDoors doors, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await doors.Client.PostAsync(path, content);
    }

    private static async Task<HttpResponseMessage> PostAsync(OtlpDoors doors, byte[] body, string? encoding)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return await doors.Client.PostAsync("/v1/traces", content);
    }
}
