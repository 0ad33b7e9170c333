using System.Globalization;
using System.Text;
using Todo.Language.Words;

namespace Todo.Language.QuickAdding;

/// <summary>
/// Writes a result as a line that reads back as the same result. Words of the title that would gain a meaning on the way get
/// a backslash.
/// </summary>
internal static class Rendering
{
    // Only titles depend on it, and only on whether they mean anything, which is the same at any time.
    private static readonly DateTimeOffset s_anyTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Of(QuickAddResult result, string language)
    {
        var german = Tongue.Of(language, []) == Tongue.German;
        var suffix = Suffix(result, german);
        var plain = Join(result.Title, suffix);
        return plain.Length <= QuickAdd.TextMax && !SameTitle(plain, result, german) ? Join(Escaped(result.Title), suffix) : plain;
    }

    private static bool SameTitle(string text, QuickAddResult result, bool german)
    {
        var again = LineReader.Read(text, s_anyTime, result.TimeZone, german ? Tongue.German : Tongue.English);
        return again.Title == result.Title && again.DueDate == result.DueDate && again.DueTime == result.DueTime && again.Recurrence == result.Recurrence
            && again.Priority == result.Priority && again.Category == result.Category && again.Tags.SequenceEqual(result.Tags);
    }

    private static string Escaped(string title) =>
        string.Join(' ', title.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => "\\" + word));

    private static string Join(string title, string suffix) => suffix.Length == 0 ? title : title.Length == 0 ? suffix : $"{title} {suffix}";

    private static string Suffix(QuickAddResult result, bool german)
    {
        var parts = new List<string>();
        if (result.Category is { } category)
        {
            parts.Add("@" + category);
        }

        parts.AddRange(result.Tags.Select(tag => "#" + tag));
        if (result.Priority != "none")
        {
            parts.Add("!" + result.Priority);
        }

        if (result.Recurrence is { } rule)
        {
            parts.Add(german ? RuleWords.German(rule) : RuleWords.English(rule));
        }

        if (result.DueDate is { } date)
        {
            parts.Add(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        if (result.DueTime is { } time)
        {
            parts.Add(time.ToString("HH:mm", CultureInfo.InvariantCulture));
        }

        return string.Join(' ', parts.Where(part => part.Length > 0));
    }
}
