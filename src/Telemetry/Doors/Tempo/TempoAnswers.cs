using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Telemetry.Otlp.Decoding;
using Slipway.Telemetry.Otlp.Json;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;
using Slipway.Telemetry.Traces.Searching;

namespace Slipway.Telemetry.Doors.Tempo;

internal static class TempoAnswers
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task JsonAsync(HttpContext http, Action<Utf8JsonWriter> write, string type = "application/json")
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        await using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            write(json);
        }

        http.Response.ContentType = type;
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    public static Task RefuseAsync(HttpContext http, int status, string code, string detail)
    {
        http.Response.StatusCode = status;
        return JsonAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status));
            json.WriteNumber("status", status);
            json.WriteString("code", code);
            json.WriteString("detail", detail);
            json.WriteEndObject();
        }, "application/problem+json");
    }

    public static string MissingText(string missing) => missing switch
    {
        "sampled-out" => "The trace was seen and not kept: it had no error, was not slow, and is not among the share that is kept (SLIPWAY_TELEMETRY_TRACE_RATIO).",
        "expired" => "The trace was kept, and its time or the room for traces is over (SLIPWAY_TELEMETRY_RETENTION).",
        "dropped" => "The trace should have been kept, but the disk was full or too slow.",
        _ => "No span of this trace has been seen since the platform started, and none is kept.",
    };

    public static void Batches(ReadOnlySpan<byte> export, Utf8JsonWriter json)
    {
        json.WriteStartArray("batches");
        var ofResource = OtlpShapes.Traces.Fields[0].Message;
        var reader = new ProtoReader(export);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                JsonWriting.Write(reader.Bytes, ofResource, json);
            }
        }

        json.WriteEndArray();
    }

    /// <summary>A trace in a list, as Tempo writes it.</summary>
    public static void Match(TraceMatch match, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("traceID", match.Summary.TraceId);
        json.WriteString("rootServiceName", match.Summary.HasRoot ? match.Summary.RootService : "<root span not yet received>");
        json.WriteString("rootTraceName", match.Summary.HasRoot ? match.Summary.RootName : "");
        json.WriteString("startTimeUnixNano", match.Summary.Start.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("durationMs", match.Summary.Nanoseconds / 1_000_000);
        json.WriteString("slipwayState", StateOf(match.State));
        json.WriteStartObject("spanSet");
        SpanSet(match, json);
        json.WriteEndObject();
        json.WriteStartArray("spanSets");
        json.WriteStartObject();
        SpanSet(match, json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static string StateOf(TraceState state) => state switch
    {
        TraceState.Unfinished => "unfinished",
        TraceState.Unsampled => "not-sampled",
        _ => "kept",
    };

    public static void Attributes(Utf8JsonWriter json, string name, IReadOnlyList<SpanAttribute> attributes)
    {
        json.WriteStartObject(name);
        foreach (var attribute in attributes.DistinctBy(attribute => attribute.Name, StringComparer.Ordinal))
        {
            AttributeWriting.Json(json, attribute.Name, attribute.Value);
        }

        json.WriteEndObject();
    }

    private static void SpanSet(TraceMatch match, Utf8JsonWriter json)
    {
        json.WriteStartArray("spans");
        foreach (var span in match.Matched)
        {
            json.WriteStartObject();
            json.WriteString("spanID", span.SpanId);
            json.WriteString("name", span.Name);
            json.WriteString("startTimeUnixNano", span.Start.ToString(CultureInfo.InvariantCulture));
            json.WriteString("durationNanos", span.Nanoseconds.ToString(CultureInfo.InvariantCulture));
            json.WriteStartArray("attributes");
            json.WriteStartObject();
            json.WriteString("key", "service.name");
            json.WriteStartObject("value");
            json.WriteString("stringValue", span.Service);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("matched", match.MatchedCount);
    }
}
