using System.Globalization;
using System.Text;

namespace Slipway.Eventing.Events;

/// <summary>Attributes as HTTP headers write them: what a header cannot carry is percent-encoded UTF-8.</summary>
internal static class HeaderText
{
    public static string Encode(string value)
    {
        if (value.All(IsBare))
        {
            return value;
        }

        var text = new StringBuilder(value.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var letter in value.EnumerateRunes())
        {
            if (letter.IsAscii && IsBare((char)letter.Value))
            {
                text.Append((char)letter.Value);
                continue;
            }

            foreach (var one in bytes[..letter.EncodeToUtf8(bytes)])
            {
                text.Append('%').Append(one.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    /// <summary>Null when the escapes are no UTF-8.</summary>
    public static string? Decode(string header)
    {
        if (!header.Contains('%') && header.All(char.IsAscii))
        {
            return header;
        }

        var bytes = new List<byte>(header.Length);
        for (var index = 0; index < header.Length; index++)
        {
            if (header[index] == '%' && index + 2 < header.Length
                && byte.TryParse(header.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var escaped))
            {
                bytes.Add(escaped);
                index += 2;
            }
            else if (char.IsAscii(header[index]))
            {
                bytes.Add((byte)header[index]);
            }
            else
            {
                return null;
            }
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsBare(char letter) => letter is > ' ' and < '\x7f' and not '"' and not '%';
}
