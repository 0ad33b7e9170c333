using System.Buffers.Text;
using System.Text;

namespace Slipway.Gateway.Forwarding;

/// <summary>Bytes on their way out: a head, and body bytes that are already here, so that both leave in one packet.</summary>
internal sealed class OutBuffer
{
    private byte[] _bytes = new byte[2048];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Write(byte value) => Take(1)[0] = value;

    /// <summary>Text that the gateway made itself: ASCII, or Latin-1 that came in as such.</summary>
    public void Write(string text) => Encoding.Latin1.GetBytes(text, Take(text.Length));

    public void WriteUtf8(string text) => Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text)));

    public void WriteNumber(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var written);
        Write(digits[..written]);
    }

    /// <summary>Milliseconds with two decimals, as Server-Timing wants them.</summary>
    public void WriteMilliseconds(double milliseconds)
    {
        var hundredths = (long)(milliseconds * 100);
        WriteNumber(hundredths / 100);
        Write((byte)'.');
        Write((byte)('0' + (hundredths / 10 % 10)));
        Write((byte)('0' + (hundredths % 10)));
    }

    public void WriteHex(ulong value, int digits)
    {
        var target = Take(digits);
        for (var i = digits - 1; i >= 0; i--)
        {
            target[i] = "0123456789abcdef"u8[(int)(value & 0xF)];
            value >>= 4;
        }
    }

    /// <summary>Inserts nothing; hands out <paramref name="count"/> bytes at the end to be filled by the caller.</summary>
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        var taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }

    /// <summary>Gives back what a large head needed.</summary>
    public void Trim()
    {
        Length = 0;
        if (_bytes.Length > 16 * 1024)
        {
            _bytes = new byte[2048];
        }
    }
}
