using System.Buffers.Binary;
using Slipway.Telemetry.Metrics.Chunks;
using Slipway.Telemetry.Metrics.Journal;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>
/// A chunk as it stands in a file: when its first sample is, after the last one of the piece before, and how long after it its last;
/// how many samples and bytes; a checksum; the bytes. The pieces of a series stand one behind the other.
/// </summary>
internal static class BlockPiece
{
    public const int HeadBytesMax = 34;

    /// <returns>The bytes used.</returns>
    public static int Write(Span<byte> output, ChunkWriter chunk, long after)
    {
        var length = Number(output, Zigzag(chunk.First - after));
        length += Number(output[length..], Zigzag(chunk.Last - chunk.First));
        length += Number(output[length..], (ulong)chunk.Count);
        length += Number(output[length..], (ulong)chunk.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(output[length..], RecordBuffer.Checksum(chunk.Written));
        length += 4;
        chunk.Written.CopyTo(output[length..]);
        return length + chunk.Length;
    }

    /// <summary>Takes the next piece off the front.</summary>
    /// <param name="rest">The pieces that are left; at least the padding a decoder wants stands behind them.</param>
    /// <param name="end">Of the pieces in it.</param>
    public static bool TryRead(ReadOnlySpan<byte> rest, int end, ref int at, long after, out Piece piece)
    {
        piece = default;
        if (!TryNumber(rest, end, ref at, out var first)
            || !TryNumber(rest, end, ref at, out var duration)
            || !TryNumber(rest, end, ref at, out var count)
            || !TryNumber(rest, end, ref at, out var length)
            || count is 0 or > 100_000
            || end - at < 4
            || length > (ulong)(end - at - 4))
        {
            return false;
        }

        var start = after + Unzigzag(first);
        piece = new Piece(start, start + Unzigzag(duration), (int)count, at + 4, (int)length, BinaryPrimitives.ReadUInt32LittleEndian(rest[at..]));
        at += 4 + (int)length;
        return true;
    }

    private static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static int Number(Span<byte> output, ulong value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            output[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        output[length++] = (byte)value;
        return length;
    }

    private static bool TryNumber(ReadOnlySpan<byte> bytes, int end, ref int at, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && at < end; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}

/// <param name="Offset">Of its bytes, in what it was read from.</param>
internal readonly record struct Piece(long First, long Last, int Count, int Offset, int Length, uint Checksum);
