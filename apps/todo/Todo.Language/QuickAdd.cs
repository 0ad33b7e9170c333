using Todo.Language.QuickAdding;

namespace Todo.Language;

/// <summary>
/// Reads one line as a person types it, "Call Ann tomorrow 15:00 #family !high", in English or German. It never throws and
/// never guesses: whatever has two readings stays in the title.
/// </summary>
public static class QuickAdd
{
    /// <summary>Longer texts are no quick line any more; they become the title unread.</summary>
    public const int TextMax = 2_000;

    /// <param name="text">The line.</param>
    /// <param name="now">The instant "tomorrow" is counted from.</param>
    /// <param name="timeZone">An IANA name; an unknown one means UTC.</param>
    /// <param name="language">"en" or "de" (a region may follow); anything else, also nothing, lets the words decide.</param>
    public static QuickAddResult Parse(string text, DateTimeOffset now, string timeZone, string language) =>
        LineReader.Read(text ?? "", now, timeZone, language);

    /// <summary>The result as one line that reads back as the same result, for editing it as text.</summary>
    public static string Render(QuickAddResult result, string language)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Rendering.Of(result, language);
    }
}
