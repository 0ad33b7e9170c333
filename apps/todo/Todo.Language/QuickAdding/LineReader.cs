using System.Text;
using Todo.Language.Words;

namespace Todo.Language.QuickAdding;

/// <summary>From a line to a result: cut into words, find meanings, decide between them, and leave the rest as the title.</summary>
internal static class LineReader
{
    public static QuickAddResult Read(string text, DateTimeOffset now, string? timeZone, string? language)
    {
        var zone = Zone(timeZone);
        if (text.Length > QuickAdd.TextMax)
        {
            return new() { Title = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), TimeZone = zone.Id };
        }

        var tokens = Tokens.Of(text);
        var grammar = Tongue.Of(language, tokens.Select(token => token.Word)) == Tongue.German ? Grammar.German : Grammar.English;
        var line = new Line(tokens, TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var chosen = Decision.Of(line, grammar);
        var (date, time, rule) = Due(line, chosen);
        return new()
        {
            Title = Title(line, chosen),
            DueDate = date,
            DueTime = time,
            TimeZone = zone.Id,
            Recurrence = rule,
            Priority = chosen.FirstOrDefault(meaning => meaning.Kind == "priority")?.Value ?? "none",
            Tags = [.. chosen.Where(meaning => meaning.Kind == "tag").Select(meaning => meaning.Value!).Distinct(StringComparer.OrdinalIgnoreCase)],
            Category = chosen.FirstOrDefault(meaning => meaning.Kind == "category")?.Value,
            Spans = Spans(text, line, chosen),
        };
    }

    private static TimeZoneInfo Zone(string? name) =>
        !string.IsNullOrEmpty(name) && name.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found : TimeZoneInfo.Utc;

    private static (DateOnly? Date, TimeOnly? Time, string? Rule) Due(Line line, IReadOnlyList<Meaning> chosen)
    {
        var repetition = chosen.FirstOrDefault(meaning => meaning.Repetition is not null);
        var date = chosen.FirstOrDefault(meaning => meaning.Kind == "date");
        var time = chosen.FirstOrDefault(meaning => meaning.Kind == "time");
        var implied = date?.ImpliedTime ?? repetition?.ImpliedTime;
        var at = time?.Time ?? implied;
        if (time is { Bare: true, Time: { Hour: < 12 } early } && IsAfternoon(early, implied, date?.Date == line.Today && early <= TimeOnly.FromDateTime(line.Now)))
        {
            at = early.AddHours(12);
        }

        // Without a day the next such time is meant, which may be tomorrow's.
        var passed = at is { } clock && clock <= TimeOnly.FromDateTime(line.Now);
        var from = passed ? Days.Plus(line.Today, 1) ?? line.Today : line.Today;
        var day = date?.Date ?? (repetition is not null ? repetition.Repetition!.FirstOn(from) : at is not null ? from : null);
        return (day, day is null ? null : at, repetition?.Repetition!.ToRule());
    }

    /// <summary>"tonight at 8" says so, "today at 9" does when nine is over, and nobody means four at night by "at 4".</summary>
    private static bool IsAfternoon(TimeOnly bare, TimeOnly? implied, bool isOver) =>
        implied is { } part ? part.Hour >= 12 : isOver || bare.Hour is >= 1 and <= 6;

    private static string Title(Line line, IReadOnlyList<Meaning> chosen)
    {
        var title = new StringBuilder();
        for (var index = 0; index < line.Count; index++)
        {
            if (chosen.Any(meaning => meaning.First <= index && index < meaning.After))
            {
                continue;
            }

            var token = line.Tokens[index];
            title.Append(title.Length > 0 ? " " : "").Append(token.Escaped ? token.Text.AsSpan(1) : token.Text);
        }

        return title.ToString();
    }

    private static List<UnderstoodSpan> Spans(string text, Line line, IReadOnlyList<Meaning> chosen)
    {
        var spans = new List<UnderstoodSpan>();
        foreach (var meaning in chosen)
        {
            var start = line.Tokens[meaning.First].Start;
            var last = line.Tokens[meaning.After - 1];
            var length = last.Start + last.Text.Length - start;
            spans.Add(new(start, length, meaning.Kind, text.Substring(start, length)));
        }

        spans.AddRange(line.Tokens.Where(token => token.Escaped).Select(token => new UnderstoodSpan(token.Start, 1, "escape", "\\")));
        spans.Sort((left, right) => left.Start.CompareTo(right.Start));
        return spans;
    }
}
