using System.Globalization;
using System.Text;
using Slipway.Telemetry.Logs.Segments;

namespace Slipway.Telemetry.Logs;

/// <summary>A line as bytes; one that is too long ends early and says so.</summary>
internal static class LineText
{
    private const int MarkMax = 64;

    public static int Write(ReadOnlySpan<char> line, LogBatch batch, int bytesMax, out bool cut)
    {
        // Three bytes at most come of one char, so most lines need not be counted before they are written.
        if (line.Length <= bytesMax / 3)
        {
            cut = false;
            return Encoding.UTF8.GetBytes(line, batch.Room(line.Length * 3));
        }

        var length = Encoding.UTF8.GetByteCount(line);
        cut = length > bytesMax;
        if (!cut)
        {
            return Encoding.UTF8.GetBytes(line, batch.Room(length));
        }

        var kept = Kept(line, bytesMax - MarkMax);
        var room = batch.Room(bytesMax);
        var count = Encoding.UTF8.GetBytes(line[..kept], room);
        var mark = string.Create(CultureInfo.InvariantCulture, $" …[cut: {length - count} of {length} bytes are missing]");
        return count + Encoding.UTF8.GetBytes(mark, room[count..]);
    }

    /// <summary>How many chars fit, without tearing one that consists of two.</summary>
    private static int Kept(ReadOnlySpan<char> line, int bytes)
    {
        var kept = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
            {
                break;
            }

            kept += rune.Utf16SequenceLength;
        }

        return kept;
    }
}
