using Todo.Language.Analysing;
using Todo.Language.Analysing.Planning;
using Todo.Language.Analysing.Sentiments;
using Todo.Language.Analysing.Topics;

namespace Todo.Language;

/// <summary>What can be said about a set of todos from their words, dates and states alone.</summary>
public sealed record Analysis
{
    public const int TodosMax = 500;
    public const int CharactersMax = 200_000;

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

    /// <exception cref="ArgumentException">More todos or more text than one analysis takes.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for the answer any more.</exception>
    public static Analysis Of(AnalysisInput input, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Todos.Count > TodosMax || input.Todos.Sum(todo => (long)todo.Title.Length + todo.Description.Length) > CharactersMax)
        {
            throw new ArgumentException($"An analysis takes at most {TodosMax} todos and {CharactersMax} characters.", nameof(input));
        }

        var studies = input.Todos.Select(todo => Study.Of(todo, input.Language)).ToList();
        var now = LocalMoment.Of(input.Now, input.TimeZone);
        var today = DateOnly.FromDateTime(now);
        T Step<T>(Func<T> work)
        {
            cancellation.ThrowIfCancellationRequested();
            return work();
        }

        var effort = Step(() => studies.Where(study => !study.Todo.Completed).Select(EffortEstimate.Of).ToList());
        var overdue = studies
            .Where(study => !study.Todo.Completed && study.Todo.DueDate < today)
            .Select(study => new OverdueFinding(study.Todo.Id, today.DayNumber - study.Todo.DueDate!.Value.DayNumber))
            .OrderByDescending(finding => finding.Days)
            .ToList();
        var sentiment = Step(() => SentimentReading.OfAll(studies));
        var topics = Step(() => TopicReading.OfAll(studies));
        return new()
        {
            Sentiment = sentiment,
            Topics = topics,
            Effort = effort,
            Overdue = overdue,
            KeyPhrases = Step(() => PhraseCount.Of(studies)),
            Entities = Step(() => studies.SelectMany(study => study.Entities).ToList()),
            Dates = Step(() => studies.SelectMany(study => DateMentions.Of(study, now)).ToList()),
            SuggestedCategories = Step(() => CategorySuggestions.Of(studies)),
            Priorities = Step(() => studies.Where(study => !study.Todo.Completed).Select(study => PrioritySuggestion.Of(study, today)).ToList()),
            Duplicates = Step(() => DuplicateTodos.Of(studies, cancellation)),
            Overload = DayLoad.Of(studies, effort, today, input.MinutesPerDay),
            Productivity = Progress.Of(studies, overdue.Count),
            Summary = SummaryText.Of(studies, today, overdue.Count, topics, sentiment, input.Language),
        };
    }
}
