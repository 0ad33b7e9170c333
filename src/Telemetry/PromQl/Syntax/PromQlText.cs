using System.Globalization;
using System.Text;

namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>
/// A quoted text while it is read. Escapes may name single bytes of a longer UTF-8 character, therefore what has been read is
/// kept as bytes.
/// </summary>
internal sealed class PromQlText
{
    private readonly StringBuilder _text = new();
    private readonly List<byte> _bytes = [];

    public void Append(char character)
    {
        Flush();
        _text.Append(character);
    }

    /// <param name="position">Behind the backslash; afterwards behind the escape.</param>
    public bool AppendEscape(string source, char quote, ref int position)
    {
        if (position >= source.Length)
        {
            return false;
        }

        var kind = source[position++];
        switch (kind)
        {
            case 'a': Append('\a'); return true;
            case 'b': Append('\b'); return true;
            case 'f': Append('\f'); return true;
            case 'n': Append('\n'); return true;
            case 'r': Append('\r'); return true;
            case 't': Append('\t'); return true;
            case 'v': Append('\v'); return true;
            case '\\': Append('\\'); return true;
            case 'x': return AppendCode(source, ref position, 2, 16, oneByte: true);
            case 'u': return AppendCode(source, ref position, 4, 16, oneByte: false);
            case 'U': return AppendCode(source, ref position, 8, 16, oneByte: false);
            case >= '0' and <= '7':
                position--;
                return AppendCode(source, ref position, 3, 8, oneByte: true);
            default:
                if (kind != quote)
                {
                    return false;
                }

                Append(kind);
                return true;
        }
    }

    public override string ToString()
    {
        Flush();
        return _text.ToString();
    }

    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '\\' => quoted.Append("\\\\"),
                '"' => quoted.Append("\\\""),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }

    private bool AppendCode(string source, ref int position, int digits, int radix, bool oneByte)
    {
        if (position + digits > source.Length)
        {
            return false;
        }

        long code = 0;
        foreach (var digit in source.AsSpan(position, digits))
        {
            if (!int.TryParse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value >= radix)
            {
                return false;
            }

            code = (code * radix) + value;
        }

        position += digits;
        if (oneByte)
        {
            if (code > byte.MaxValue)
            {
                return false;
            }

            _bytes.Add((byte)code);
            return true;
        }

        if (code > int.MaxValue || !Rune.IsValid((int)code))
        {
            return false;
        }

        Flush();
        _text.Append(new Rune((int)code).ToString());
        return true;
    }

    private void Flush()
    {
        if (_bytes.Count > 0)
        {
            _text.Append(Encoding.UTF8.GetString([.. _bytes]));
            _bytes.Clear();
        }
    }
}
