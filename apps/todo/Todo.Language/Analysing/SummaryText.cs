using System.Globalization;
using Todo.Language.Analysing.Topics;
using Todo.Language.Words;

namespace Todo.Language.Analysing;

/// <summary>The whole picture in two or three sentences of the reader's language.</summary>
internal static class SummaryText
{
    public static SummaryFinding Of(
        IReadOnlyList<Study> studies, DateOnly today, int overdue, IReadOnlyList<TopicFinding> topics, SentimentFinding sentiment, string? language)
    {
        var open = studies.Where(study => !study.Todo.Completed).ToList();
        var completed = studies.Count - open.Count;
        var dueToday = open.Count(study => study.Todo.DueDate == today);
        var dueThisWeek = open.Count(study => study.Todo.DueDate >= today && study.Todo.DueDate < today.AddDays(Math.Min(7, DateOnly.MaxValue.DayNumber - today.DayNumber)));
        var german = studies.Count(study => study.Tongue == Tongue.German);
        var tongue = Tongue.Of(language, []) == Tongue.German || (!IsKnown(language) && german * 2 > studies.Count) ? Tongue.German : Tongue.English;
        var text = tongue == Tongue.German
            ? German(studies.Count, open.Count, completed, overdue, dueToday, dueThisWeek, topics, sentiment)
            : English(studies.Count, open.Count, completed, overdue, dueToday, dueThisWeek, topics, sentiment);
        return new(text, studies.Count, open.Count, completed, overdue, dueToday, dueThisWeek, tongue);
    }

    private static bool IsKnown(string? language) =>
        language is not null && (language.StartsWith("en", StringComparison.OrdinalIgnoreCase) || language.StartsWith("de", StringComparison.OrdinalIgnoreCase));

    private static string English(
        int total, int open, int completed, int overdue, int dueToday, int dueThisWeek, IReadOnlyList<TopicFinding> topics, SentimentFinding sentiment)
    {
        if (total == 0)
        {
            return "There are no todos.";
        }

        var sentences = new List<string> { Text($"{open} of {total} todos are open, {completed} are done.") };
        if (overdue + dueToday + dueThisWeek > 0)
        {
            sentences.Add(Text($"{overdue} are overdue, {dueToday} due today and {dueThisWeek} within seven days."));
        }

        if (topics.Count > 0)
        {
            sentences.Add($"They are mostly about {string.Join(" and ", topics.Take(2).Select(topic => topic.Topic))}.");
        }

        if (sentiment.Label != "neutral")
        {
            sentences.Add($"The tone is {sentiment.Label}.");
        }

        return string.Join(' ', sentences);
    }

    private static string German(
        int total, int open, int completed, int overdue, int dueToday, int dueThisWeek, IReadOnlyList<TopicFinding> topics, SentimentFinding sentiment)
    {
        if (total == 0)
        {
            return "Es gibt keine Aufgaben.";
        }

        var sentences = new List<string> { Text($"Von {total} Aufgaben sind {open} offen und {completed} erledigt.") };
        if (overdue + dueToday + dueThisWeek > 0)
        {
            sentences.Add(Text($"Überfällig: {overdue}, heute fällig: {dueToday}, in sieben Tagen fällig: {dueThisWeek}."));
        }

        if (topics.Count > 0)
        {
            sentences.Add($"Es geht vor allem um {string.Join(" und ", topics.Take(2).Select(topic => TopicLexicon.GermanName(topic.Topic)))}.");
        }

        if (sentiment.Label != "neutral")
        {
            sentences.Add(sentiment.Label == "positive" ? "Der Ton ist positiv." : "Der Ton ist negativ.");
        }

        return string.Join(' ', sentences);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
