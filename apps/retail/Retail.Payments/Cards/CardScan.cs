using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Retail.Payments.Cards;

/// <summary>
/// Finds what looks like the number of a card: 13 to 19 digits with a right check digit, written together or in groups of four to
/// six. Ids of requests, orders and events are no cards. Pure.
/// </summary>
internal static class CardScan
{
    private const int DigitsMin = 13;
    private const int DigitsMax = 19;
    private const int GroupMin = 4;
    private const int GroupMax = 6;

    /// <summary>Where in the document, as a JSON Pointer; null when there is none. What is no JSON is looked at as text.</summary>
    public static string? Find(ReadOnlySpan<byte> body)
    {
        var path = new List<(string Name, int Index)>();
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        path[^1] = (reader.GetString()!, -1);
                        if (Holds(path[^1].Name))
                        {
                            // The name itself is the number, so it is not repeated.
                            path[^1] = ("*", -1);
                            return Pointer(path);
                        }

                        break;
                    case JsonTokenType.StartArray:
                        Next(path);
                        path.Add(("", -1));
                        break;
                    case JsonTokenType.StartObject:
                        Next(path);
                        path.Add(("", -2));
                        break;
                    case JsonTokenType.EndArray or JsonTokenType.EndObject:
                        path.RemoveAt(path.Count - 1);
                        break;
                    default:
                        Next(path);
                        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
                        if (Holds(text))
                        {
                            return Pointer(path);
                        }

                        break;
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Holds(Encoding.UTF8.GetString(body)) ? "" : null;
        }
    }

    public static bool Holds(string text)
    {
        if (Guid.TryParse(text, out _))
        {
            return false;
        }

        var at = 0;
        while (at < text.Length)
        {
            if (!char.IsAsciiDigit(text[at]))
            {
                at++;
                continue;
            }

            var (groups, end) = Groups(text, at);
            if (AnyCard(groups))
            {
                return true;
            }

            at = end;
        }

        return false;
    }

    /// <summary>Digits and what single blanks, dashes or dots join to them.</summary>
    private static (List<string> Groups, int End) Groups(string text, int at)
    {
        var groups = new List<string>();
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            groups.Add(text[start..at]);
            if (at + 1 < text.Length && text[at] is ' ' or '-' or '.' or '\u00A0' && char.IsAsciiDigit(text[at + 1]))
            {
                at++;
            }
        }

        return (groups, at);
    }

    private static bool AnyCard(List<string> groups)
    {
        for (var first = 0; first < groups.Count; first++)
        {
            if (groups[first].Length is >= DigitsMin and <= DigitsMax && Checks(groups[first]))
            {
                return true;
            }

            // Written in groups; the last may be short.
            var digits = groups[first];
            for (var last = first + 1; last < groups.Count && groups[last - 1].Length is >= GroupMin and <= GroupMax; last++)
            {
                digits += groups[last];
                if (digits.Length > DigitsMax)
                {
                    break;
                }

                if (digits.Length >= DigitsMin && groups[last].Length <= GroupMax && Checks(digits))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Checks(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var weighted = i % 2 == 1 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return sum % 10 == 0 && digits.AsSpan().ContainsAnyExcept('0');
    }

    /// <summary>A value follows: in an array it is the next one.</summary>
    private static void Next(List<(string Name, int Index)> path)
    {
        if (path.Count > 0 && path[^1] is { Name: "", Index: >= -1 } array)
        {
            path[^1] = array with { Index = array.Index + 1 };
        }
    }

    private static string Pointer(List<(string Name, int Index)> path)
    {
        var pointer = new StringBuilder();
        foreach (var (name, index) in path)
        {
            pointer.Append('/').Append(index >= 0 ? index.ToString(CultureInfo.InvariantCulture) : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }

        return pointer.ToString();
    }
}
