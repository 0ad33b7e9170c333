using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Slipway.Runtime.Logs;

/// <param name="RawEnd">Where in the raw stream the line ended, so that a later life goes on exactly there.</param>
internal readonly record struct StoredLine(LogLine Line, long RawEnd);

/// <summary>
/// The text of a log file. First line: <c># OUTPUT-OFFSET ERROR-OFFSET</c>; each further one:
/// <c>MICROSECONDS O|E RAW-END TEXT</c>. A person can read it with <c>less</c>.
/// </summary>
internal static class LogFormat
{
    public static string Header(long output, long error) => string.Create(CultureInfo.InvariantCulture, $"# {output} {error}\n");

    public static bool TryParseHeader(ReadOnlySpan<byte> line, out long output, out long error)
    {
        output = error = 0;
        return line.StartsWith("# "u8)
            && Utf8Parser.TryParse(line[2..], out output, out var length)
            && line.Length > length + 3
            && Utf8Parser.TryParse(line[(length + 3)..], out error, out _);
    }

    public static void Append(MemoryStream target, DateTimeOffset at, LogStream stream, long rawEnd, ReadOnlySpan<byte> text)
    {
        Span<byte> prefix = stackalloc byte[64];
        var microseconds = (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        Utf8Formatter.TryFormat(microseconds, prefix, out var length);
        prefix[length++] = (byte)' ';
        prefix[length++] = stream == LogStream.Output ? (byte)'O' : (byte)'E';
        prefix[length++] = (byte)' ';
        Utf8Formatter.TryFormat(rawEnd, prefix[length..], out var more);
        length += more;
        prefix[length++] = (byte)' ';
        target.Write(prefix[..length]);
        target.Write(text.EndsWith("\r"u8) ? text[..^1] : text);
        target.WriteByte((byte)'\n');
    }

    public static bool TryParse(ReadOnlySpan<byte> line, out StoredLine stored)
    {
        stored = default;
        if (!Utf8Parser.TryParse(line, out long microseconds, out var length) || line.Length < length + 4)
        {
            return false;
        }

        var stream = line[length + 1] == (byte)'E' ? LogStream.Error : LogStream.Output;
        line = line[(length + 3)..];
        if (!Utf8Parser.TryParse(line, out long rawEnd, out length) || line.Length < length + 1)
        {
            return false;
        }

        var at = DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
        stored = new StoredLine(new LogLine(at, stream, Encoding.UTF8.GetString(line[(length + 1)..])), rawEnd);
        return true;
    }
}
