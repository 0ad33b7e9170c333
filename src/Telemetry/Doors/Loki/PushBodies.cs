using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Logs.Language;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary>Reads what is pushed, in both of Loki's forms.</summary>
internal static class PushBodies
{
    private const int LabelsMax = 30;
    private const int ValueMax = 2_048;
    private const int NameMax = 1_024;

    public static Outcome<List<LogRecord>> ReadJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var records = new List<LogRecord>();
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("streams", out var streams)
                || streams.ValueKind != JsonValueKind.Array)
            {
                return Wrong("the body needs a list 'streams'");
            }

            var number = 0;
            foreach (var stream in streams.EnumerateArray())
            {
                if (ReadStream(stream, $"streams[{number++}]", records) is { } failure)
                {
                    return failure;
                }
            }

            return records;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return Wrong($"the body is no JSON: {wrong.Message}");
        }
    }

    private static Failure? ReadStream(JsonElement stream, string place, List<LogRecord> records)
    {
        if (stream.ValueKind != JsonValueKind.Object || !stream.TryGetProperty("stream", out var labels) || labels.ValueKind != JsonValueKind.Object)
        {
            return Wrong($"{place}.stream has to be an object of labels");
        }

        var found = new List<KeyValuePair<string, string>>();
        foreach (var label in labels.EnumerateObject())
        {
            if (label.Value.ValueKind != JsonValueKind.String)
            {
                return Wrong($"{place}.stream.{label.Name} has to be a text");
            }

            found.Add(KeyValuePair.Create(label.Name, label.Value.GetString()!));
        }

        if (LabelsOf(found, place) is var set && set.Failure is { } failure)
        {
            return failure;
        }

        if (!stream.TryGetProperty("values", out var values) || values.ValueKind != JsonValueKind.Array)
        {
            return Wrong($"{place}.values has to be a list");
        }

        var number = 0;
        foreach (var value in values.EnumerateArray())
        {
            if (ReadValue(value, set.Value, $"{place}.values[{number++}]", records) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private static Failure? ReadValue(JsonElement value, LabelSet labels, string place, List<LogRecord> records)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is < 2 or > 3
            || value[0].ValueKind != JsonValueKind.String || value[1].ValueKind != JsonValueKind.String)
        {
            return Wrong($"{place} has to be [\"<nanoseconds since 1970>\", \"<line>\"]");
        }

        if (!long.TryParse(value[0].GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var nanoseconds))
        {
            return Wrong($"{place}[0] has to be nanoseconds since 1970, as a text of digits");
        }

        string? trace = null;
        if (value.GetArrayLength() == 3)
        {
            if (value[2].ValueKind != JsonValueKind.Object)
            {
                return Wrong($"{place}[2] has to be an object of texts");
            }

            trace = value[2].TryGetProperty("trace_id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        }

        records.Add(Record(labels, nanoseconds, value[1].GetString()!, trace));
        return null;
    }

    public static Outcome<List<LogRecord>> ReadProtobuf(ReadOnlySpan<byte> body)
    {
        var records = new List<LogRecord>();
        var request = new ProtobufFields(body);
        var number = 0;
        while (request.Next())
        {
            if (request.Field == 1 && ReadStream(request.Bytes, $"streams[{number++}]", records) is { } failure)
            {
                return failure;
            }
        }

        return request.Failed ? Wrong("the body is no protobuf message of the form PushRequest") : records;
    }

    private static Failure? ReadStream(ReadOnlySpan<byte> message, string place, List<LogRecord> records)
    {
        var labels = LabelSet.Empty;
        var first = records.Count;
        var stream = new ProtobufFields(message);
        while (stream.Next())
        {
            if (stream.Field == 1)
            {
                var set = ReadLabels(Encoding.UTF8.GetString(stream.Bytes), place);
                if (set.Failure is { } failure)
                {
                    return failure;
                }

                labels = set.Value;
            }
            else if (stream.Field == 2 && ReadEntry(stream.Bytes, place, records) is { } wrong)
            {
                return wrong;
            }
        }

        if (stream.Failed)
        {
            return Wrong($"{place} is torn");
        }

        if (labels.Count == 0)
        {
            return Wrong($"{place} has no labels");
        }

        // The labels may stand behind the lines.
        for (var index = first; index < records.Count; index++)
        {
            records[index] = records[index] with { Stream = labels };
        }

        return null;
    }

    private static Failure? ReadEntry(ReadOnlySpan<byte> message, string place, List<LogRecord> records)
    {
        var (nanoseconds, line, trace) = (0L, "", (string?)null);
        var entry = new ProtobufFields(message);
        while (entry.Next())
        {
            switch (entry.Field)
            {
                case 1:
                    nanoseconds = Timestamp(entry.Bytes);
                    break;
                case 2:
                    line = Encoding.UTF8.GetString(entry.Bytes);
                    break;
                case 3:
                    trace ??= TraceIn(entry.Bytes);
                    break;
                default:
                    break;
            }
        }

        if (entry.Failed)
        {
            return Wrong($"an entry of {place} is torn");
        }

        records.Add(Record(LabelSet.Empty, nanoseconds, line, trace));
        return null;
    }

    private static long Timestamp(ReadOnlySpan<byte> message)
    {
        var (seconds, nanoseconds) = (0L, 0L);
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            (seconds, nanoseconds) = fields.Field switch
            {
                1 => ((long)fields.Number, nanoseconds),
                2 => (seconds, (int)fields.Number),
                _ => (seconds, nanoseconds),
            };
        }

        return (Math.Clamp(seconds, -9_000_000_000, 9_000_000_000) * 1_000_000_000) + nanoseconds;
    }

    private static string? TraceIn(ReadOnlySpan<byte> message)
    {
        var (name, value) = ("", "");
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            (name, value) = fields.Field switch
            {
                1 => (Encoding.UTF8.GetString(fields.Bytes), value),
                2 => (name, Encoding.UTF8.GetString(fields.Bytes)),
                _ => (name, value),
            };
        }

        return name == "trace_id" ? value : null;
    }

    private static Outcome<LabelSet> ReadLabels(string text, string place)
    {
        try
        {
            var matchers = new PipelineParser(new TokenCursor(text)).Selector();
            return matchers.TrueForAll(matcher => matcher.Kind == MatchKind.Equal)
                ? LabelsOf([.. matchers.Select(matcher => KeyValuePair.Create(matcher.Name, matcher.Value))], place)
                : Wrong($"the labels of {place} have to be of the form {{name=\"value\"}}");
        }
        catch (LogQlException wrong)
        {
            return Wrong($"the labels of {place}: {wrong.Message}");
        }
    }

    private static Outcome<LabelSet> LabelsOf(List<KeyValuePair<string, string>> labels, string place)
    {
        if (labels.Count is 0 or > LabelsMax)
        {
            return Wrong(labels.Count == 0
                ? $"{place}: at least one label pair is required per stream"
                : $"{place} has {labels.Count} labels; there may be {LabelsMax}");
        }

        foreach (var (name, value) in labels)
        {
            if (name.Length is 0 or > NameMax || char.IsAsciiDigit(name[0]) || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or ':'))
            {
                return Wrong($"{place}: '{(name.Length > 64 ? name[..64] : name)}' cannot be the name of a label; it has letters, digits and '_', no digit first");
            }

            if (value.Length > ValueMax)
            {
                return Wrong($"{place}: the value of '{name}' has {value.Length} characters; there may be {ValueMax}");
            }
        }

        return LabelSet.From(labels);
    }

    private static LogRecord Record(LabelSet labels, long nanoseconds, string line, string? trace)
    {
        trace ??= line.Contains("trace", StringComparison.OrdinalIgnoreCase) ? LogLineFacts.Read(Encoding.UTF8.GetBytes(line)).TraceId : null;
        return new LogRecord(labels, nanoseconds, line, trace);
    }

    private static Failure Wrong(string detail) => new(FailureKind.Malformed, "bad-push", detail);
}
