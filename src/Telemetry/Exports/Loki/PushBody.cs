using System.Globalization;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Exports.Loki;

/// <summary>Lines as Loki takes them: JSON, packed with gzip.</summary>
internal static class PushBody
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(IReadOnlyList<LogRecord> records, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        using var body = new MemoryStream();
        using (var packed = new GZipStream(body, CompressionLevel.Fastest))
        using (var json = new Utf8JsonWriter(packed, s_options))
        {
            json.WriteStartObject();
            json.WriteStartArray("streams");
            foreach (var stream in records.GroupBy(record => record.Stream))
            {
                json.WriteStartObject();
                json.WriteStartObject("stream");
                foreach (var label in stream.Key)
                {
                    json.WriteString(label.Name, label.Value);
                }

                foreach (var (name, value) in labels)
                {
                    if (stream.Key[name].Length == 0)
                    {
                        json.WriteString(name, value);
                    }
                }

                json.WriteEndObject();
                json.WriteStartArray("values");
                foreach (var record in stream)
                {
                    json.WriteStartArray();
                    json.WriteStringValue(record.Nanoseconds.ToString(CultureInfo.InvariantCulture));
                    json.WriteStringValue(record.Line);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
