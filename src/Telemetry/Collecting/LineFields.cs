using System.Text;
using System.Text.Json;

namespace Slipway.Telemetry.Collecting;

/// <summary>What a line says of itself if it is a JSON object: how grave it is and which trace it belongs to.</summary>
internal readonly record struct LineFields(string Level, string? TraceId)
{
    public const string Unknown = "unknown";

    /// <summary>Fields of a line are few; one that has more is read no further.</summary>
    private const int FieldsMax = 64;

    public static LineFields Of(string line)
    {
        var text = line.AsSpan().TrimStart();
        if (text.Length < 2 || text[0] != '{')
        {
            return new LineFields(Unknown, null);
        }

        try
        {
            return Read(Encoding.UTF8.GetBytes(line));
        }
        catch (JsonException)
        {
            // It only looked like an object; a line is whatever a program wrote.
            return new LineFields(Unknown, null);
        }
    }

    private static LineFields Read(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var (level, trace) = (Unknown, (string?)null);
        for (var fields = 0; fields < FieldsMax && reader.Read() && reader.TokenType == JsonTokenType.PropertyName; fields++)
        {
            var isLevel = reader.ValueTextEquals("level"u8) || reader.ValueTextEquals("severity"u8) || reader.ValueTextEquals("LogLevel"u8);
            var isTrace = reader.ValueTextEquals("trace_id"u8) || reader.ValueTextEquals("traceId"u8) || reader.ValueTextEquals("TraceId"u8);
            reader.Read();
            if (isLevel)
            {
                level = reader.TokenType switch
                {
                    JsonTokenType.String => LevelOf(reader.GetString()!),
                    JsonTokenType.Number when reader.TryGetInt32(out var number) => LevelOf(number),
                    _ => level,
                };
            }
            else if (isTrace && reader.TokenType == JsonTokenType.String && reader.GetString() is { } id && IsTraceId(id))
            {
                trace = id.ToLowerInvariant();
            }

            reader.Skip();
        }

        return new LineFields(level, trace);
    }

    /// <summary>The words programs use, told in one vocabulary, so that a level can be asked for without knowing who wrote the line.</summary>
    private static string LevelOf(string word) => word.ToUpperInvariant() switch
    {
        "TRACE" or "TRC" or "VERBOSE" => "trace",
        "DEBUG" or "DBG" => "debug",
        "INFO" or "INFORMATION" or "INFORMATIONAL" or "INF" or "NOTICE" => "info",
        "WARN" or "WARNING" or "WRN" => "warning",
        "ERROR" or "ERR" or "FAIL" => "error",
        "CRITICAL" or "FATAL" or "PANIC" or "EMERGENCY" or "ALERT" or "CRIT" or "FTL" => "critical",
        _ => Unknown,
    };

    /// <summary>As pino and bunyan number them.</summary>
    private static string LevelOf(int number) => number switch
    {
        >= 60 => "critical",
        >= 50 => "error",
        >= 40 => "warning",
        >= 30 => "info",
        >= 20 => "debug",
        >= 10 => "trace",
        _ => Unknown,
    };

    private static bool IsTraceId(string text) => text.Length == 32 && text.AsSpan().ContainsAnyExcept('0') && text.All(char.IsAsciiHexDigit);
}
