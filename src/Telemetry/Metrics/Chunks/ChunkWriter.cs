using System.Buffers.Binary;
using System.Numerics;

namespace Slipway.Telemetry.Metrics.Chunks;

/// <summary>
/// Compresses samples as Facebook's Gorilla does. A time is the change of its distance to the one before: usually none, one bit. A
/// value is the exclusive-or with the one before: one bit if they are equal, else the bits between its leading and trailing zeros,
/// in the place the last ones had if they fit there. Bits are written from the highest of each byte on. The first time stands
/// outside, the first value takes 64 bits.
/// </summary>
internal sealed class ChunkWriter
{
    /// <summary>The object and the header of its array.</summary>
    public const int Overhead = 112;

    private byte[] _bytes = [];
    private int _bits;
    private long _distance;
    private ulong _value;
    private int _leading = -1;
    private int _length;

    public int Count { get; private set; }

    public long First { get; private set; }

    public long Last { get; private set; }

    /// <summary>Bytes in use, the last of them perhaps in part.</summary>
    public int Length => (_bits + 7) >> 3;

    public int Capacity => _bytes.Length;

    public void Append(long at, double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        if (Count == 0)
        {
            First = at;
            Write(bits, 64);
        }
        else
        {
            var distance = unchecked(at - Last);
            AppendTime(unchecked(distance - _distance));
            _distance = distance;
            AppendValue(bits ^ _value);
        }

        _value = bits;
        Last = at;
        Count++;
    }

    /// <summary>The bytes in use, as a copy with as many zeros behind as asked for.</summary>
    public byte[] Copy(int padding = 0)
    {
        var copy = new byte[Length + padding];
        _bytes.AsSpan(0, Length).CopyTo(copy);
        return copy;
    }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <param name="keepBuffer">False gives the memory back, for a series that may not come again soon.</param>
    public void Clear(bool keepBuffer)
    {
        (_bits, _distance, _value, _leading, _length, Count) = (0, 0, 0, -1, 0, 0);
        if (!keepBuffer)
        {
            _bytes = [];
        }
    }

    private void AppendTime(long change)
    {
        switch (change)
        {
            case 0:
                Write(0, 1);
                break;
            case >= -64 and < 64:
                Write((0b10UL << 7) | ((ulong)change & 0x7f), 9);
                break;
            case >= -8192 and < 8192:
                Write((0b110UL << 14) | ((ulong)change & 0x3fff), 17);
                break;
            case >= -524288 and < 524288:
                Write((0b1110UL << 20) | ((ulong)change & 0xfffff), 24);
                break;
            case >= int.MinValue and <= int.MaxValue:
                Write((0b11110UL << 32) | (uint)change, 37);
                break;
            default:
                Write(0b11111, 5);
                Write(unchecked((ulong)change), 64);
                break;
        }
    }

    private void AppendValue(ulong change)
    {
        if (change == 0)
        {
            Write(0, 1);
            return;
        }

        var leading = Math.Min(BitOperations.LeadingZeroCount(change), 31);
        var trailing = BitOperations.TrailingZeroCount(change);
        var length = 64 - leading - trailing;

        // The old place is kept while it wastes less than a new one would cost.
        if (_leading >= 0 && leading >= _leading && trailing >= 64 - _leading - _length && _length < length + 11)
        {
            Write(0b10, 2);
            Write(change >> (64 - _leading - _length), _length);
            return;
        }

        (_leading, _length) = (leading, length);
        Write((0b11UL << 11) | ((ulong)leading << 6) | (uint)(length - 1), 13);
        Write(change >> trailing, length);
    }

    private void Write(ulong value, int count)
    {
        var at = _bits >> 3;
        if (at + 17 > _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length == 0 ? 48 : _bytes.Length + (_bytes.Length / 2));
        }

        var used = _bits & 7;
        var left = value << (64 - count);

        // Of the byte that is shared only what was written before is kept: the buffer may have served another chunk.
        var shared = (ulong)(_bytes[at] & (0xff00 >> used) & 0xff) << 56;
        BinaryPrimitives.WriteUInt64BigEndian(_bytes.AsSpan(at), shared | (left >> used));
        if (used + count > 64)
        {
            _bytes[at + 8] = (byte)((left << (64 - used)) >> 56);
        }

        _bits += count;
    }
}
