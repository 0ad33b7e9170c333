namespace Todo.Api.Ordering;

/// <summary>
/// A place in an order, as text compared byte by byte. Between two ranks there is always another, so moving one item writes one row.
/// The first eight characters count like a number, which keeps ranks short when items are only ever added at an end.
/// </summary>
internal static class Rank
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int HeadLength = 8;
    private const long HeadLimit = 218_340_105_584_896; // 62 to the power of 8
    private const long Step = 14_776_336; // 62 to the power of 4: some fourteen million additions fit at either end

    /// <summary>Ranks longer than this come from always inserting at the same place; the list is then spread out again.</summary>
    public const int ComfortableLength = 64;

    public static string First { get; } = Head(HeadLimit / 2);

    /// <summary>A rank after <paramref name="lower"/> and before <paramref name="upper"/>; null is the open end.</summary>
    public static string Between(string? lower, string? upper)
    {
        if (lower is not null && upper is not null && string.CompareOrdinal(lower, upper) >= 0)
        {
            throw new ArgumentException($"{lower} does not come before {upper}.", nameof(lower));
        }

        return (lower, upper) switch
        {
            (null, null) => First,
            (not null, null) when HeadOf(lower) + Step < HeadLimit => Head(HeadOf(lower) + Step),
            (null, not null) when HeadOf(upper) - Step > 0 => Head(HeadOf(upper) - Step),
            _ => Middle(lower ?? "", upper),
        };
    }

    /// <summary>Evenly spread ranks for a whole list.</summary>
    public static IEnumerable<string> Spread(int count)
    {
        var from = (HeadLimit / 2) - (count / 2 * Step);
        return Enumerable.Range(0, count).Select(index => Head(from + (index * Step)));
    }

    public static bool IsRank(string text) => text.Length > 0 && !text.EndsWith('0') && text.All(Digits.Contains);

    private static string Head(long value)
    {
        Span<char> head = stackalloc char[HeadLength];
        for (var index = HeadLength - 1; index >= 0; index--)
        {
            head[index] = Digits[(int)(value % Digits.Length)];
            value /= Digits.Length;
        }

        return head.TrimEnd('0').ToString();
    }

    private static long HeadOf(string rank)
    {
        var value = 0L;
        for (var index = 0; index < HeadLength; index++)
        {
            value = (value * Digits.Length) + DigitAt(rank, index);
        }

        return value;
    }

    /// <summary>Walks along both texts as if they were fractions until there is room between two digits.</summary>
    private static string Middle(string lower, string? upper)
    {
        var middle = new System.Text.StringBuilder();
        for (var index = 0; ; index++)
        {
            var low = DigitAt(lower, index);
            var high = upper is null ? Digits.Length : DigitAt(upper, index);
            if (high - low > 1)
            {
                return middle.Append(Digits[(low + high) / 2]).ToString();
            }

            middle.Append(Digits[low]);
            if (high > low)
            {
                upper = null; // Whatever follows is already below the upper end.
            }
        }
    }

    private static int DigitAt(string rank, int index) => index < rank.Length ? Math.Max(0, Digits.IndexOf(rank[index])) : 0;
}
