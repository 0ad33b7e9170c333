using System.Buffers.Binary;
using System.Text;

namespace Slipway.Telemetry.Otlp.Wire;

/// <summary>
/// Writes protobuf into a buffer that grows. A nested message is begun, written in place and ended; its length is put in
/// front when it is known. Fields that have their default value are the caller's to leave out.
/// </summary>
internal sealed class ProtoWriter(int capacity = 4096)
{
    private byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    public void Clear() => Length = 0;

    /// <summary>Puts other bytes where some were written before.</summary>
    public void Overwrite(int place, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_buffer.AsSpan(place, bytes.Length));

    public void Varint(int field, ulong value)
    {
        Tag(field, WireType.Varint);
        Raw(value);
    }

    public void Signed(int field, long value) => Varint(field, (ulong)value);

    public void Fixed64(int field, ulong value)
    {
        Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);
        Length += 8;
    }

    public void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public void Fixed32(int field, uint value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);
        Length += 4;
    }

    public void Text(int field, string value)
    {
        Tag(field, WireType.Bytes);
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most < 128)
        {
            var room = Room(most + 1);
            var written = Encoding.UTF8.GetBytes(value, room[1..]);
            room[0] = (byte)written;
            Length += written + 1;
            return;
        }

        Raw((ulong)Encoding.UTF8.GetByteCount(value));
        Length += Encoding.UTF8.GetBytes(value, Room(most));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Raw((ulong)value.Length);
        Verbatim(value);
    }

    /// <summary>Bytes told as hexadecimal digits; what is no such text is written as empty.</summary>
    public void Hex(int field, string digits)
    {
        Tag(field, WireType.Bytes);
        var room = Room((digits.Length / 2) + 1);
        if (digits.Length > 64 || Convert.FromHexString(digits, room[1..], out _, out var written) != System.Buffers.OperationStatus.Done)
        {
            written = 0;
        }

        room[0] = (byte)written;
        Length += written + 1;
    }

    /// <summary>What is protobuf already.</summary>
    public void Verbatim(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <returns>To be given to <see cref="End"/>.</returns>
    public int Begin(int field)
    {
        Tag(field, WireType.Bytes);
        _ = Room(1);
        return ++Length;
    }

    public void End(int begun)
    {
        var length = Length - begun;
        var more = Width((ulong)length) - 1;
        if (more > 0)
        {
            _ = Room(more);
            _buffer.AsSpan(begun, length).CopyTo(_buffer.AsSpan(begun + more));
            Length += more;
        }

        Put(_buffer.AsSpan(begun - 1), (ulong)length);
    }

    /// <summary>A number of variable width without a field: part of a packed list.</summary>
    public void Raw(ulong value) => Length += Put(Room(10), value);

    public void RawFixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);
        Length += 8;
    }

    private static int Width(ulong value) => value == 0 ? 1 : ((63 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 7) + 1;

    private static int Put(Span<byte> room, ulong value)
    {
        var index = 0;
        while (value >= 0x80)
        {
            room[index++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[index] = (byte)value;
        return index + 1;
    }

    private void Tag(int field, WireType wire) => Raw(((ulong)field << 3) | (ulong)wire);

    private Span<byte> Room(int length)
    {
        if (_buffer.Length - Length < length)
        {
            Array.Resize(ref _buffer, Math.Max(checked(Length + length), (int)Math.Min(Array.MaxLength, _buffer.Length * 2L)));
        }

        return _buffer.AsSpan(Length);
    }
}
