using System.Buffers.Binary;
using System.Numerics;

namespace Slipway.Telemetry.Metrics.Chunks;

/// <summary>Reads what <see cref="ChunkWriter"/> wrote. This loop decides how long a question over two weeks takes.</summary>
internal static class ChunkReader
{
    /// <summary>Bytes that have to follow the data, whatever they are, since bits are fetched by eight bytes at a time.</summary>
    public const int Padding = 32;

    /// <summary>All samples of a chunk.</summary>
    /// <param name="data">The chunk and at least <see cref="Padding"/> bytes behind it.</param>
    /// <param name="length">Of the chunk in bytes.</param>
    /// <returns>False if the bytes are no such chunk.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> data, int length, long first, Span<Sample> samples)
    {
        if (samples.IsEmpty || length < 8 || data.Length < length + Padding)
        {
            return samples.IsEmpty;
        }

        var value = BinaryPrimitives.ReadUInt64BigEndian(data);
        var at = first;
        samples[0] = new Sample(at, BitConverter.UInt64BitsToDouble(value));
        var distance = 0L;
        var place = 64;
        var end = length << 3;
        var shift = -1;
        var width = 0;
        for (var i = 1; i < samples.Length; i++)
        {
            if (place >= end)
            {
                return false;
            }

            // At least 57 bits are good after a fetch, which is enough for a time and the head of a value.
            var bits = Fetch(data, place);
            if ((bits >> 62) == 0)
            {
                place += 2;
                at += distance;
                samples[i] = new Sample(at, BitConverter.UInt64BitsToDouble(value));
                continue;
            }

            var (change, taken) = Time(data, place, bits);
            place += taken;
            distance = unchecked(distance + change);
            at = unchecked(at + distance);
            bits = Fetch(data, place);
            if ((long)bits >= 0)
            {
                place++;
            }
            else
            {
                if ((bits & (1UL << 62)) == 0)
                {
                    if (shift < 0)
                    {
                        return false;
                    }

                    place += 2;
                    bits <<= 2;
                }
                else
                {
                    var leading = (int)(bits >> 57) & 31;
                    width = ((int)(bits >> 51) & 63) + 1;
                    shift = 64 - leading - width;
                    if (shift < 0)
                    {
                        return false;
                    }

                    place += 13;
                    bits <<= 13;
                }

                // 44 bits are good whichever way was taken.
                var changed = width <= 44 ? bits >> (64 - width) : Wide(data, place, width);
                place += width;
                value ^= changed << shift;
            }

            samples[i] = new Sample(at, BitConverter.UInt64BitsToDouble(value));
        }

        return place <= end;
    }

    private static (long Change, int Taken) Time(ReadOnlySpan<byte> data, int place, ulong bits) => BitOperations.LeadingZeroCount(~bits) switch
    {
        0 => (0, 1),
        1 => ((long)(bits << 2) >> 57, 9),
        2 => ((long)(bits << 3) >> 50, 17),
        3 => ((long)(bits << 4) >> 44, 24),
        4 => ((long)(bits << 5) >> 32, 37),
        _ => (unchecked((long)Wide(data, place + 5, 64)), 69),
    };

    private static ulong Fetch(ReadOnlySpan<byte> data, int place) =>
        BinaryPrimitives.ReadUInt64BigEndian(data[(place >> 3)..]) << (place & 7);

    private static ulong Wide(ReadOnlySpan<byte> data, int place, int width)
    {
        var used = place & 7;
        var word = BinaryPrimitives.ReadUInt64BigEndian(data[(place >> 3)..]) << used;
        if (used > 0)
        {
            word |= (ulong)data[(place >> 3) + 8] >> (8 - used);
        }

        return word >> (64 - width);
    }
}
