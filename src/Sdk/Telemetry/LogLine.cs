using System.Buffers;
using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Telemetry;

/// <summary>One log entry as one line of JSON. Writing escapes line breaks, so nobody can forge a second line.</summary>
internal static class LogLine
{
    private const string Template = "{OriginalFormat}";
    private const int TextMax = 16_384;

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write<TState>(
        ServiceIdentity service, DateTimeOffset now, LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var values = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", NameOf(level));
            json.WriteString("message", Cut(Redaction.Scrub(MessageOf(values, () => formatter(state, exception)))));
            if (id.Name is { Length: > 0 } name)
            {
                json.WriteString("event.name", name);
            }

            json.WriteString("service.name", service.Name);
            json.WriteString("service.version", service.Version);
            json.WriteString("service.revision", service.Revision);
            json.WriteString("instance.id", service.Instance);
            WriteRequest(json);
            foreach (var (key, value) in values)
            {
                if (key != Template && key.Length > 0)
                {
                    WriteValue(json, char.ToLowerInvariant(key[0]) + key[1..], value);
                }
            }

            if (exception is not null)
            {
                json.WriteString("error.type", exception.GetType().FullName);
                json.WriteString("error.message", Cut(Redaction.Scrub(exception.Message)));
                json.WriteString("error.stack", Cut(Redaction.Scrub(exception.ToString())));
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRequest(Utf8JsonWriter json)
    {
        if (Activity.Current is { } activity)
        {
            json.WriteString("trace_id", activity.TraceId.ToHexString());
            json.WriteString("span_id", activity.SpanId.ToHexString());
        }

        if (RequestScope.Current is { } request)
        {
            json.WriteString("request_id", request.RequestId);
            json.WriteString("correlation_id", request.CorrelationId);
            json.WriteString("http.request.method", request.Method);
            json.WriteString("http.route", request.Route);
            if (request.Caller is { } caller)
            {
                json.WriteString("user.id", Pseudonym(caller.Subject));
            }
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string key, object? value)
    {
        if (Redaction.IsSecret(key))
        {
            json.WriteString(key, Redaction.Mark);
            return;
        }

        switch (value)
        {
            case null:
                json.WriteNull(key);
                break;
            case bool flag:
                json.WriteBoolean(key, flag);
                break;
            case int number:
                json.WriteNumber(key, number);
                break;
            case long number:
                json.WriteNumber(key, number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(key, Math.Round(number, 3));
                break;
            default:
                json.WriteString(key, Cut(Redaction.Scrub(TextOf(value))));
                break;
        }
    }

    /// <summary>The formatted message; put together anew if one of its values must not be seen.</summary>
    private static string MessageOf(IReadOnlyList<KeyValuePair<string, object?>> values, Func<string> formatted)
    {
        if (!values.Any(value => value.Key != Template && Redaction.IsSecret(value.Key)))
        {
            return formatted();
        }

        var message = new StringBuilder(values.FirstOrDefault(value => value.Key == Template).Value as string ?? "");
        foreach (var (key, value) in values)
        {
            if (key != Template)
            {
                message.Replace("{" + key + "}", Redaction.IsSecret(key) ? Redaction.Mark : TextOf(value));
            }
        }

        return message.ToString();
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        string text => text,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(", ", list.Cast<object?>().Take(100).Select(TextOf)),
        _ => value.ToString() ?? "",
    };

    private static string Cut(string text) => text.Length <= TextMax ? text : text[..TextMax] + "…";

    /// <summary>The same caller can be followed through a log without the log naming anybody.</summary>
    private static string Pseudonym(string subject) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)))[..16];

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
