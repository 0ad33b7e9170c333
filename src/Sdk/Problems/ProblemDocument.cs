using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Sdk.Problems;

/// <summary>How a problem looks on the wire.</summary>
internal static class ProblemDocument
{
    public const string MediaType = "application/problem+json";

    private static readonly JsonWriterOptions s_options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Problem problem, string? instance, string? requestId, string? traceId)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            if (problem.Members?.ContainsKey("type") is not true)
            {
                json.WriteString("type", TypeOf(problem.Code));
            }

            json.WriteString("title", problem.Title);
            json.WriteNumber("status", problem.Status);
            json.WriteString("code", problem.Code);
            json.WriteString("detail", problem.Detail);
            Optional(json, "instance", instance);
            Optional(json, "args", problem.Args);
            Optional(json, "requestId", requestId);
            Optional(json, "traceId", traceId);
            json.WriteBoolean("retryable", IsRetryable(problem));
            if (problem.Errors.Count > 0)
            {
                json.WriteStartArray("errors");
                foreach (var finding in problem.Errors)
                {
                    Write(json, finding);
                }

                json.WriteEndArray();
            }

            foreach (var (name, value) in problem.Members ?? [])
            {
                json.WritePropertyName(name);
                WriteNode(json, value);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The headers a problem brings along, beside its content type.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Headers(Problem problem)
    {
        if (problem.RetryAfter is { } wait)
        {
            yield return new("Retry-After", Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        }

        foreach (var header in problem.Headers)
        {
            yield return header;
        }
    }

    /// <summary>outOfStock → /problems/out-of-stock</summary>
    internal static string TypeOf(string code)
    {
        var type = new StringBuilder("/problems/", code.Length + 16);
        foreach (var character in code)
        {
            if (char.IsAsciiLetterUpper(character))
            {
                type.Append('-');
            }

            type.Append(char.ToLowerInvariant(character));
        }

        return type.ToString();
    }

    private static bool IsRetryable(Problem problem) => problem.RetryAfter is not null || problem.Status is 429 or 502 or 503 or 504;

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        Optional(json, "pointer", finding.Pointer);
        Optional(json, "parameter", finding.Parameter);
        Optional(json, "header", finding.Header);
        json.WriteString("code", finding.Code);
        json.WriteString("detail", finding.Detail);
        Optional(json, "args", finding.Args);
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Optional(Utf8JsonWriter json, string name, JsonObject? value)
    {
        if (value is { Count: > 0 })
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }

    private static void WriteNode(Utf8JsonWriter json, JsonNode? node)
    {
        if (node is null)
        {
            json.WriteNullValue();
        }
        else
        {
            node.WriteTo(json);
        }
    }
}
