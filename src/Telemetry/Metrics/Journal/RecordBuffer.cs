using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Slipway.Telemetry.Metrics.Journal;

/// <summary>
/// Records one after the other: four bytes of length, four of a checksum (CRC-32C) over the content, the content.
/// </summary>
internal sealed class RecordBuffer
{
    public const int HeadBytes = 8;

    private byte[] _bytes = new byte[64 * 1024];
    private int _start;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > 4 << 20)
        {
            _bytes = new byte[64 * 1024];
        }
    }

    public void Begin(byte kind)
    {
        _start = Length;
        Reserve(HeadBytes + 1);
        Length += HeadBytes;
        _bytes[Length++] = kind;
    }

    public void End()
    {
        var content = _bytes.AsSpan(_start + HeadBytes, Length - _start - HeadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_start), content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_start + 4), Checksum(content));
    }

    public void Unsigned(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[Length++] = (byte)value;
    }

    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Double(double value)
    {
        Reserve(8);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(Length), value);
        Length += 8;
    }

    public void Text(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Reserve(most + 5);
        var count = Encoding.UTF8.GetByteCount(text);
        Unsigned((ulong)count);
        Length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var one in bytes)
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return ~sum;
    }

    private void Reserve(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }
    }
}
