using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Slipway.Sdk.Telemetry;

/// <summary>Writes messages of protocol buffers into one buffer that is used again and again.</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0;
    private const int Eight = 1;
    private const int Delimited = 2;
    private const int Four = 5;

    /// <summary>A buffer that one unusual message made large is not kept.</summary>
    private const int KeptMax = 1024 * 1024;

    /// <summary>So many characters take less than 128 bytes.</summary>
    private const int ShortMax = 42;

    private byte[] _bytes = new byte[16 * 1024];
    private int _length;

    public int Length => _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptMax)
        {
            _bytes = new byte[16 * 1024];
        }
    }

    /// <summary>Begins a message within the message; its length is filled in by <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        Tag(field, Delimited);
        Reserve(1);
        return ++_length;
    }

    /// <param name="mark">What <see cref="Begin"/> answered.</param>
    public void End(int mark)
    {
        var length = _length - mark;
        var size = SizeOf((uint)length);
        if (size > 1)
        {
            // One byte was left for the length, which is enough for nearly all of them.
            Reserve(size - 1);
            _bytes.AsSpan(mark, length).CopyTo(_bytes.AsSpan(mark + size - 1));
            _length += size - 1;
        }

        WriteVarint(_bytes.AsSpan(mark - 1), (uint)length);
    }

    public void Text(int field, string text)
    {
        Tag(field, Delimited);
        if (text.Length <= ShortMax)
        {
            // However it is encoded, its length is one byte, so the text need not be looked at twice.
            Reserve(1 + (3 * ShortMax));
            var written = Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length + 1));
            _bytes[_length] = (byte)written;
            _length += 1 + written;
            return;
        }

        var size = Encoding.UTF8.GetByteCount(text);
        Number((uint)size);
        Reserve(size);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    /// <summary>Room for bytes that the caller fills in at once.</summary>
    public Span<byte> Bytes(int field, int count)
    {
        Tag(field, Delimited);
        Number((uint)count);
        Reserve(count);
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }

    /// <summary>Fields that are encoded already.</summary>
    public void Raw(ReadOnlySpan<byte> fields)
    {
        Reserve(fields.Length);
        fields.CopyTo(_bytes.AsSpan(_length));
        _length += fields.Length;
    }

    public void Whole(int field, ulong value)
    {
        Tag(field, Varint);
        Number(value);
    }

    public void Fixed(int field, ulong value)
    {
        Tag(field, Eight);
        Reserve(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += 8;
    }

    public void Fixed(int field, double value) => Fixed(field, BitConverter.DoubleToUInt64Bits(value));

    public void Small(int field, uint value)
    {
        Tag(field, Four);
        Reserve(4);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length), value);
        _length += 4;
    }

    private void Tag(int field, int kind) => Number((uint)(field << 3 | kind));

    private void Number(ulong value)
    {
        Reserve(10);
        if (value < 0x80)
        {
            _bytes[_length++] = (byte)value;
            return;
        }

        _length += WriteVarint(_bytes.AsSpan(_length), value);
    }

    private static int SizeOf(uint value) => (38 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    private static int WriteVarint(Span<byte> target, ulong value)
    {
        var at = 0;
        while (value >= 0x80)
        {
            target[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[at++] = (byte)value;
        return at;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }
    }
}
