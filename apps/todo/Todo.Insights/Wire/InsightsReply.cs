using Todo.Insights.Providers;
using Todo.Language;

namespace Todo.Insights.Wire;

/// <summary>The answer of <c>POST /insights</c>.</summary>
internal sealed record InsightsReply
{
    public required SummaryFinding Summary { get; init; }

    public required SentimentFinding Sentiment { get; init; }

    public required IReadOnlyList<KeyPhraseFinding> KeyPhrases { get; init; }

    public required IReadOnlyList<EntityFinding> Entities { get; init; }

    public required IReadOnlyList<DateFinding> Dates { get; init; }

    public required IReadOnlyList<TopicFinding> Topics { get; init; }

    public required IReadOnlyList<CategoryFinding> SuggestedCategories { get; init; }

    public required IReadOnlyList<PriorityFinding> Priorities { get; init; }

    public required IReadOnlyList<DuplicateFinding> Duplicates { get; init; }

    public required IReadOnlyList<OverloadFinding> Overload { get; init; }

    public required IReadOnlyList<EffortFinding> Effort { get; init; }

    public required IReadOnlyList<OverdueFinding> Overdue { get; init; }

    public required ProductivityFinding Productivity { get; init; }

    /// <summary>Who read the language: embedded, openai or google.</summary>
    public required string Provider { get; init; }

    public required IReadOnlyList<Warning> Warnings { get; init; }

    public static InsightsReply Of(Analysis found, ProviderAnswer answer) => new()
    {
        Summary = answer.Findings?.Summary is { } text ? found.Summary with { Text = text } : found.Summary,
        Sentiment = answer.Findings?.Sentiment is { } sentiment ? sentiment with { Evidence = found.Sentiment.Evidence } : found.Sentiment,
        KeyPhrases = answer.Findings?.KeyPhrases ?? found.KeyPhrases,
        Entities = answer.Findings?.Entities ?? found.Entities,
        Dates = found.Dates,
        Topics = found.Topics,
        SuggestedCategories = answer.Findings?.SuggestedCategories ?? found.SuggestedCategories,
        Priorities = found.Priorities,
        Duplicates = found.Duplicates,
        Overload = found.Overload,
        Effort = found.Effort,
        Overdue = found.Overdue,
        Productivity = found.Productivity,
        Provider = answer.Provider,
        Warnings = answer.Warning is { } warning ? [warning] : [],
    };
}

/// <summary>Something the caller should know that is no failure.</summary>
internal sealed record Warning(string Code, string Detail);
