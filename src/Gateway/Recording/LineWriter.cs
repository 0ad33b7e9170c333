using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Slipway.Gateway.Recording;

/// <summary>Writes one line of JSON into a span; what does not fit is not written and the line is given up.</summary>
internal ref struct LineWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    public int Length { get; private set; }

    public bool Fits { get; private set; } = true;

    private readonly Span<byte> Rest => _target[Length..];

    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.TryCopyTo(Rest))
        {
            Length += bytes.Length;
        }
        else
        {
            Fits = false;
        }
    }

    /// <summary>Bytes a client sent: everything that JSON or a terminal could take amiss becomes an escape.</summary>
    public void Escaped(scoped ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value is >= 0x20 and < 0x7F and not (byte)'"' and not (byte)'\\')
            {
                Raw([value]);
            }
            else
            {
                Raw([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', Hex(value >> 4), Hex(value & 15)]);
            }
        }
    }

    public void Text(string text)
    {
        if (Encoding.UTF8.TryGetBytes(text, Rest, out var written))
        {
            Length += written;
        }
        else
        {
            Fits = false;
        }
    }

    public void Field(scoped ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            Raw(name);
            Raw("\""u8);
            Text(value);
            Raw("\""u8);
        }
    }

    public void Number(long value) => Took(Utf8Formatter.TryFormat(value, Rest, out var written), written);

    public void Milliseconds(double seconds) => Took((seconds * 1000).TryFormat(Rest, out var written, "F2"), written);

    public void Instant(DateTimeOffset instant) => Took(instant.UtcDateTime.TryFormat(Rest, out var written, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"), written);

    public void Address(IPAddress? address)
    {
        if (address is not null)
        {
            Took(address.TryFormat(Rest, out var written), written);
        }
    }

    private void Took(bool fitted, int written)
    {
        Fits &= fitted;
        Length += fitted ? written : 0;
    }

    private static byte Hex(int nibble) => "0123456789abcdef"u8[nibble];
}
