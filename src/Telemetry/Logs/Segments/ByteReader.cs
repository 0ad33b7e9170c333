using System.Buffers.Binary;
using System.Text;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Segments;

/// <summary>The file says something that cannot be: it was damaged.</summary>
internal sealed class DamagedException(string message) : Exception(message);

/// <summary>Reads what <see cref="ByteWriter"/> wrote and trusts none of it.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public readonly bool AtEnd => _position == _bytes.Length;

    public readonly int Position => _position;

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _bytes.Length - _position)
        {
            throw new DamagedException($"{count} bytes were to follow");
        }

        var span = _bytes.Slice(_position, count);
        _position += count;
        return span;
    }

    public uint Fixed() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public ulong Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position >= _bytes.Length)
            {
                break;
            }

            var next = _bytes[_position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new DamagedException("a number does not end");
    }

    public int Count()
    {
        var value = Number();
        return value <= int.MaxValue ? (int)value : throw new DamagedException($"{value} is too large a number");
    }

    public long Signed()
    {
        var value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public string Text() => Encoding.UTF8.GetString(Bytes(Count()));

    public LabelSet Labels()
    {
        var count = Count();
        if (count > 1_024)
        {
            throw new DamagedException($"{count} labels");
        }

        var labels = new KeyValuePair<string, string>[count];
        for (var index = 0; index < count; index++)
        {
            labels[index] = KeyValuePair.Create(Text(), Text());
        }

        return LabelSet.From(labels);
    }

    public UInt128 Trace() => BinaryPrimitives.ReadUInt128BigEndian(Bytes(16));
}
