using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Otlp.Decoding;

internal sealed record DecodedLines(List<LogRecord> Lines, int Rejected, string? Mistake);

/// <summary>
/// From an ExportLogsServiceRequest to lines. A body that is a text and has no attributes is the line; everything else becomes a line
/// of JSON with the fields our services write, so that one query reads both. A message may have half a million lines and attributes
/// together, the rest is rejected. Used once.
/// </summary>
internal sealed class LogDecoder(TextCache texts, TimeProvider time)
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly HashSet<string> s_ownFields = new(StringComparer.Ordinal)
    {
        "timestamp", "level", "message", "event.name", "service.name", "service.version", "service.revision", "instance.id", "trace_id", "span_id",
    };

    private static readonly string[] s_levels = ["unknown", "trace", "debug", "info", "warning", "error", "critical"];

    private const int ItemsMax = 500_000;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    private int _items;
    private int _rejected;

    public DecodedLines Decode(ReadOnlySpan<byte> message)
    {
        var lines = new List<LogRecord>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1 && ResourceLogs(reader.Bytes, lines) is { } mistake)
            {
                return new DecodedLines([], 0, mistake);
            }
        }

        return reader.Failed ? new DecodedLines([], 0, "the body is no protobuf message") : new DecodedLines(lines, _rejected, null);
    }

    private string? ResourceLogs(ReadOnlySpan<byte> message, List<LogRecord> lines)
    {
        var resource = ResourceAttributes.Read(message, texts);
        if (resource is null)
        {
            return "resourceLogs.resource cannot be read";
        }

        var streams = new LabelSet?[s_levels.Length];
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field != 2)
            {
                continue;
            }

            var scope = new ProtoReader(reader.Bytes);
            while (scope.Next())
            {
                if (scope.Field == 2 && ++_items > ItemsMax)
                {
                    _rejected++;
                }
                else if (scope.Field == 2 && !Line(scope.Bytes, resource, streams, lines))
                {
                    return "resourceLogs.scopeLogs.logRecords cannot be read";
                }
            }

            if (scope.Failed)
            {
                return "resourceLogs.scopeLogs cannot be read";
            }
        }

        return reader.Failed ? "resourceLogs cannot be read" : null;
    }

    private bool Line(ReadOnlySpan<byte> message, IReadOnlyList<SpanAttribute> resource, LabelSet?[] streams, List<LogRecord> lines)
    {
        var entry = new Entry();
        ReadOnlySpan<byte> severity = default;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    entry.At = Math.Max(0, reader.Signed);
                    break;
                case 2:
                    entry.Level = reader.Number is >= 1 and <= 24 ? (int)((reader.Number + 3) / 4) : 0;
                    break;
                case 3:
                    severity = reader.Bytes;
                    break;
                case 5:
                    if (AttributeReading.Value(reader.Bytes, texts) is not { } body)
                    {
                        return false;
                    }

                    entry.Body = body;
                    break;
                case 6 when entry.Attributes.Count < AttributeReading.CountMax:
                    if (AttributeReading.Pair(reader.Bytes, texts) is not { } attribute)
                    {
                        return false;
                    }

                    _items++;
                    entry.Attributes.Add(attribute);
                    break;
                case 9:
                    entry.Trace = Ids.Read(reader.Bytes, 16);
                    break;
                case 10:
                    entry.Span = Ids.Read(reader.Bytes, 8);
                    break;
                case 11:
                    entry.Observed = Math.Max(0, reader.Signed);
                    break;
                case 12:
                    entry.Event = texts.Get(reader.Bytes);
                    break;
                default:
                    break;
            }
        }

        if (reader.Failed)
        {
            return false;
        }

        if (entry.Level == 0)
        {
            entry.Level = LevelOf(texts.Get(severity.Length > 32 ? severity[..32] : severity));
        }

        entry.At = entry.At > 0 ? entry.At : entry.Observed > 0 ? entry.Observed : (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var stream = streams[entry.Level] ??= StreamOf(resource, s_levels[entry.Level]);
        var line = entry.Attributes.Count == 0 && entry.Event.Length == 0 && entry.Body.Kind == AttributeKind.Text ? entry.Body.ToString() : Json(entry, resource);
        lines.Add(new LogRecord(stream, entry.At, line, entry.Trace));
        return true;
    }

    private string Json(Entry entry, IReadOnlyList<SpanAttribute> resource)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer, s_json);
        json.WriteStartObject();
        json.WriteString("timestamp", DateTimeOffset.UnixEpoch.AddTicks(entry.At / 100).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("level", s_levels[entry.Level]);
        AttributeWriting.Json(json, "message", entry.Body);
        WriteText(json, "event.name", entry.Event);
        WriteText(json, "service.name", ResourceAttributes.ServiceOf(resource));
        WriteText(json, "service.version", ResourceAttributes.ValueOf(resource, "service.version"));
        WriteText(json, "service.revision", ResourceAttributes.ValueOf(resource, ResourceAttributes.Revision));
        WriteText(json, "instance.id", ResourceAttributes.ValueOf(resource, ResourceAttributes.InstanceId));
        WriteText(json, "trace_id", entry.Trace ?? "");
        WriteText(json, "span_id", entry.Span ?? "");
        foreach (var attribute in entry.Attributes)
        {
            // A line says everything about itself once.
            AttributeWriting.Json(json, s_ownFields.Contains(attribute.Name) ? "attribute." + attribute.Name : attribute.Name, attribute.Value);
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    private static void WriteText(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    private static int LevelOf(string text) => text.ToLowerInvariant() switch
    {
        "trace" or "verbose" => 1,
        "debug" => 2,
        "info" or "information" or "notice" => 3,
        "warn" or "warning" => 4,
        "error" or "err" => 5,
        "fatal" or "critical" or "crit" or "alert" or "emergency" => 6,
        _ => 0,
    };

    private static LabelSet StreamOf(IReadOnlyList<SpanAttribute> resource, string level) => LabelSet.Of(
        ("namespace", ResourceAttributes.ValueOf(resource, ResourceAttributes.ServiceNamespace)),
        ("service", ResourceAttributes.ServiceOf(resource)),
        ("revision", ResourceAttributes.ValueOf(resource, ResourceAttributes.Revision)),
        ("instance", ResourceAttributes.ValueOf(resource, ResourceAttributes.InstanceId)),
        ("stream", "otlp"),
        ("level", level));

    private sealed class Entry
    {
        public long At { get; set; }

        public long Observed { get; set; }

        public int Level { get; set; }

        public AttributeValue Body { get; set; } = AttributeValue.Of("");

        public string? Trace { get; set; }

        public string? Span { get; set; }

        public string Event { get; set; } = "";

        public List<SpanAttribute> Attributes { get; } = [];
    }
}
