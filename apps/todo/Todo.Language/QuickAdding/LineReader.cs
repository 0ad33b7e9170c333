using Todo.Language.Words;

namespace Todo.Language.QuickAdding;

/// <summary>From a line to a result: cut into words, find meanings, decide between them, and leave the rest as the title.</summary>
internal static class LineReader
{
    public static QuickAddResult Read(string text, DateTimeOffset now, string timeZone, string language)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(timeZone ?? "", out var found) ? found : TimeZoneInfo.Utc;
        var tokens = Tokens.Of(text);
        var tags = new List<string>();
        string? category = null, priority = null;
        var spans = new List<UnderstoodSpan>();
        for (var index = 0; index < tokens.Count; index++)
        {
            if (Symbols.At(tokens, index) is not { } meaning)
            {
                continue;
            }

            switch (meaning.Kind)
            {
                case "tag": tags.Add(meaning.Value!); break;
                case "category": category ??= meaning.Value; break;
                default: priority ??= meaning.Value; break;
            }

            spans.Add(new(tokens[index].Start, tokens[index].Length, meaning.Kind, tokens[index].Text));
        }

        var title = string.Join(' ', tokens.Where(token => !spans.Any(span => span.Start == token.Start)).Select(token => token.Text));
        return new()
        {
            Title = title,
            TimeZone = zone.Id,
            Priority = priority ?? "none",
            Tags = tags,
            Category = category,
            Spans = spans,
        };
    }
}
