using System.Text;

namespace Slipway.Telemetry.Logs.Pipeline;

/// <summary>Makes names that labels may have of the keys found in lines, each only once.</summary>
internal sealed class LabelNames
{
    private const int KnownMax = 4_096;
    private const int LengthMax = 256;

    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>Null for a key that no name can be made of.</summary>
    public string? Of(ReadOnlySpan<byte> key)
    {
        if (key.Length is 0 or > LengthMax)
        {
            return null;
        }

        Span<char> chars = stackalloc char[LengthMax];
        var text = chars[..Encoding.UTF8.GetChars(key, chars)];
        var lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var name))
        {
            return name;
        }

        name = Clean(text);
        if (_known.Count < KnownMax)
        {
            lookup[text] = name;
        }

        return name;
    }

    private static string Clean(ReadOnlySpan<char> key)
    {
        var name = new StringBuilder(key.Length + 1);
        if (char.IsAsciiDigit(key[0]))
        {
            name.Append('_');
        }

        foreach (var character in key)
        {
            name.Append(char.IsAsciiLetterOrDigit(character) || character == '_' ? character : '_');
        }

        return name.ToString();
    }
}
