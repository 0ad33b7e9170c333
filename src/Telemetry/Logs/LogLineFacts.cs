using System.Text;

namespace Slipway.Telemetry.Logs;

/// <summary>
/// What a line of JSON says about itself: its level, and the trace it belongs to. Looks at the members of the outermost object only, and
/// never fails: a line that is something else, or is torn, says nothing.
/// </summary>
/// <param name="Level"><c>trace</c>, <c>debug</c>, <c>info</c>, <c>warning</c>, <c>error</c>, <c>critical</c> or <c>unknown</c>.</param>
/// <param name="TraceId">32 hexadecimal digits in lower case.</param>
public readonly record struct LogLineFacts(string Level, string? TraceId)
{
    public const string UnknownLevel = "unknown";

    private const int TraceLength = 32;

    public static LogLineFacts Read(ReadOnlySpan<byte> line)
    {
        var (level, trace) = (UnknownLevel, (string?)null);
        var position = line.IndexOfAnyExcept(" \t\r\n"u8);
        if (position < 0 || line[position] != (byte)'{')
        {
            return new LogLineFacts(level, trace);
        }

        position++;
        while (position < line.Length)
        {
            position += Math.Max(0, line[position..].IndexOfAnyExcept(" \t\r\n,"u8));
            if (line[position] != (byte)'"' || !Text(line, ref position, out var key))
            {
                break;
            }

            position += Math.Max(0, line[position..].IndexOfAnyExcept(" \t\r\n:"u8));
            if (position >= line.Length)
            {
                break;
            }

            if (line[position] != (byte)'"')
            {
                if (!Skip(line, ref position))
                {
                    break;
                }

                continue;
            }

            if (!Text(line, ref position, out var value))
            {
                break;
            }

            if (level == UnknownLevel && IsLevel(key))
            {
                level = LevelOf(value);
            }
            else if (trace is null && IsTrace(key))
            {
                trace = TraceOf(value);
            }

            if (level != UnknownLevel && trace is not null)
            {
                break;
            }
        }

        return new LogLineFacts(level, trace);
    }

    private static bool IsLevel(ReadOnlySpan<byte> key) =>
        key.Length is 2 or 3 or 5 or 8 && (Ascii.EqualsIgnoreCase(key, "level"u8) || Ascii.EqualsIgnoreCase(key, "LogLevel"u8)
            || Ascii.EqualsIgnoreCase(key, "severity"u8) || key.SequenceEqual("lvl"u8) || key.SequenceEqual("@l"u8));

    private static bool IsTrace(ReadOnlySpan<byte> key) =>
        key.Length is 3 or 7 or 8 && (Ascii.EqualsIgnoreCase(key, "trace_id"u8) || Ascii.EqualsIgnoreCase(key, "TraceId"u8)
            || key.SequenceEqual("trace.id"u8) || key.SequenceEqual("@tr"u8));

    /// <summary>One of a few words, whatever programs call it: levels are labels, and labels are few.</summary>
    public static string LevelOf(ReadOnlySpan<byte> value)
    {
        if (value.Length is < 3 or > 13)
        {
            return UnknownLevel;
        }

        Span<byte> lower = stackalloc byte[16];
        Ascii.ToLower(value, lower, out var length);
        ReadOnlySpan<byte> word = lower[..length];
        return word switch
        {
            _ when word.SequenceEqual("info"u8) || word.SequenceEqual("information"u8) || word.SequenceEqual("informational"u8) || word.SequenceEqual("notice"u8) => "info",
            _ when word.SequenceEqual("warning"u8) || word.SequenceEqual("warn"u8) => "warning",
            _ when word.SequenceEqual("error"u8) || word.SequenceEqual("err"u8) => "error",
            _ when word.SequenceEqual("debug"u8) || word.SequenceEqual("dbg"u8) => "debug",
            _ when word.SequenceEqual("trace"u8) || word.SequenceEqual("verbose"u8) => "trace",
            _ when word.SequenceEqual("critical"u8) || word.SequenceEqual("fatal"u8) || word.SequenceEqual("crit"u8) || word.SequenceEqual("panic"u8)
                || word.SequenceEqual("alert"u8) || word.SequenceEqual("emergency"u8) => "critical",
            _ => UnknownLevel,
        };
    }

    private static string? TraceOf(ReadOnlySpan<byte> value)
    {
        if (value.Length != TraceLength || value.IndexOfAnyExceptInRange((byte)'0', (byte)'0') < 0)
        {
            return null;
        }

        Span<char> digits = stackalloc char[TraceLength];
        for (var index = 0; index < TraceLength; index++)
        {
            var digit = (char)value[index];
            if (!char.IsAsciiHexDigit(digit))
            {
                return null;
            }

            digits[index] = char.ToLowerInvariant(digit);
        }

        return new string(digits);
    }

    /// <summary>The text whose opening quote stands at the position; escapes are left as they are.</summary>
    private static bool Text(ReadOnlySpan<byte> line, ref int position, out ReadOnlySpan<byte> text)
    {
        var start = position + 1;
        var at = start;
        while (at < line.Length)
        {
            var next = line[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (line[at] == (byte)'"')
            {
                text = line[start..at];
                position = at + 1;
                return true;
            }

            at += 2;
        }

        text = [];
        return false;
    }

    /// <summary>Past a number, a word, a list or an object. False at the end of the line or of the object.</summary>
    private static bool Skip(ReadOnlySpan<byte> line, ref int position)
    {
        var depth = 0;
        while (position < line.Length)
        {
            switch (line[position])
            {
                case (byte)'"':
                    if (!Text(line, ref position, out _))
                    {
                        return false;
                    }

                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    if (--depth < 0)
                    {
                        return false;
                    }

                    break;
                case (byte)',' when depth == 0:
                    position++;
                    return position < line.Length;
                default:
                    break;
            }

            position++;
        }

        return false;
    }
}
