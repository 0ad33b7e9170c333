using Todo.Language.Words;

namespace Todo.Language.QuickAdding;

/// <summary>The signs that mean the same in every language: <c>#tag</c>, <c>@category</c> and <c>!priority</c>.</summary>
internal static class Symbols
{
    public const int TagsMax = 20;
    public const int NameMax = 50;

    public static Meaning? At(IReadOnlyList<Token> tokens, int index)
    {
        var token = tokens[index];
        if (token.Closed || token.Core.Length < 2)
        {
            return null;
        }

        return token.Core[0] switch
        {
            '#' when IsName(token.Core.AsSpan(1)) => new("tag", index, 1) { Value = token.Core[1..] },
            '@' when IsName(token.Core.AsSpan(1)) => new("category", index, 1) { Value = token.Core[1..] },
            '!' when Priority(token.Word[1..]) is { } priority => new("priority", index, 1) { Value = priority },
            _ => null,
        };
    }

    /// <summary>"#12" numbers something, so a name needs a letter.</summary>
    private static bool IsName(ReadOnlySpan<char> text)
    {
        var letters = 0;
        foreach (var sign in text)
        {
            if (char.IsLetter(sign))
            {
                letters++;
            }
            else if (!char.IsDigit(sign) && sign is not ('-' or '_' or '/' or '.' or '&'))
            {
                return false;
            }
        }

        return letters > 0 && text.Length <= NameMax;
    }

    private static string? Priority(string word) => word switch
    {
        "high" or "hoch" or "1" or "urgent" or "dringend" => "high",
        "medium" or "mittel" or "2" or "normal" => "medium",
        "low" or "niedrig" or "gering" or "3" => "low",
        _ => null,
    };
}
