using FsCheck;
using FsCheck.Fluent;

namespace Todo.Language.Tests;

public sealed class AnalysisTests
{
    private static readonly DateOnly s_today = new(2026, 1, 7);

    private static Analysis Of(params TodoText[] todos) => Analysis.Of(new() { Todos = todos, Now = QuickAddTests.Now, TimeZone = "Europe/Berlin" });

    private static TodoText Todo(string id, string title, DateOnly? due = null) => new() { Id = id, Title = title, DueDate = due };

    [Fact]
    public void Nothing_to_analyse_is_an_answer_too()
    {
        var found = Of();

        Assert.Equal("There are no todos.", found.Summary.Text);
        Assert.Equal("neutral", found.Sentiment.Label);
        Assert.Empty(found.KeyPhrases);
        Assert.Equal(0, found.Productivity.CompletionPercent);
    }

    [Fact]
    public void Overdue_todos_count_their_days_and_fill_today()
    {
        var found = Of(
            Todo("late", "Write report 5 hours", s_today.AddDays(-3)),
            Todo("today", "Prepare workshop 4 hours", s_today),
            Todo("later", "Call Ann", s_today.AddDays(1)),
            Todo("done", "Buy milk", s_today.AddDays(-9)) with { Completed = true });

        Assert.Equal([new("late", 3)], found.Overdue);
        var full = Assert.Single(found.Overload);
        Assert.Equal((s_today, 540, 480), (full.Date, full.Minutes, full.Limit));
        Assert.Equal(["late", "today"], full.TodoIds);
        Assert.Equal((4, 3, 1, 1, 1, 2), (found.Summary.Total, found.Summary.Open, found.Summary.Completed, found.Summary.Overdue, found.Summary.DueToday, found.Summary.DueThisWeek));
        Assert.Equal(25, found.Productivity.CompletionPercent);
    }

    [Theory]
    [InlineData("Read 45 min", 45, "stated")]
    [InlineData("Aufräumen 1,5 Stunden", 90, "stated")]
    [InlineData("Take cake out in 30 minutes", 30, "no hint")]
    [InlineData("Anna anrufen", 10, "usual for this kind of work")]
    public void Effort_says_what_it_rests_on(string title, int minutes, string why)
    {
        var effort = Assert.Single(Of(Todo("1", title)).Effort);

        Assert.Equal(minutes, effort.Minutes);
        Assert.Equal(why, effort.Evidence[0].Why);
    }

    [Fact]
    public void A_given_effort_is_not_guessed_at() =>
        Assert.Equal(7, Of(Todo("1", "Write 3 hours") with { EffortMinutes = 7 }).Effort[0].Minutes);

    [Fact]
    public void Own_categories_are_learned_from_the_other_todos()
    {
        var found = Of(
            Todo("1", "Feed the hedgehog") with { Category = "Hedgehog house" },
            Todo("2", "Brush the hedgehog") with { Category = "Hedgehog house" },
            Todo("3", "Weigh the hedgehog"));

        var suggestion = Assert.Single(found.SuggestedCategories);
        Assert.Equal(("3", "Hedgehog house"), (suggestion.TodoId, suggestion.Category));
        Assert.Equal("hedgehog", suggestion.Evidence[0].Text);
    }

    [Fact]
    public void A_suggested_category_is_in_the_todos_language() =>
        Assert.Equal("Gesundheit", Of(Todo("1", "Termin beim Zahnarzt machen")).SuggestedCategories[0].Category);

    [Fact]
    public void Every_mention_of_a_day_is_found_with_its_time()
    {
        var found = Of(Todo("1", "Send notes from 12.1. by tomorrow 15:00"));

        Assert.Equal(
            [((DateOnly?)new DateOnly(2026, 1, 12), (TimeOnly?)null), (new DateOnly(2026, 1, 8), new TimeOnly(15, 0))],
            found.Dates.Select(date => (date.Date, date.Time)));
    }

    [Fact]
    public void Key_phrases_count_where_they_stand()
    {
        var found = Of(Todo("1", "Review the budget plan"), Todo("2", "Send budget plan to Ann"), Todo("3", "Buy milk"));

        Assert.Equal("budget plan", found.KeyPhrases[0].Phrase);
        Assert.Equal(2, found.KeyPhrases[0].Count);
        Assert.Equal(["1", "2"], found.KeyPhrases[0].TodoIds);
    }

    [Fact]
    public void Sentiment_shows_the_words_and_how_they_weigh()
    {
        var found = Of(Todo("1", "The bug is really not good"));

        Assert.Equal("negative", found.Sentiment.Label);
        Assert.Contains(found.Sentiment.Evidence, evidence => evidence.Text == "good" && evidence.Why == "negated" && evidence.Weight < 0);
    }

    [Fact]
    public void The_summary_speaks_the_readers_language() =>
        Assert.StartsWith("Von 1 Aufgaben", Analysis.Of(new() { Todos = [Todo("1", "Buy milk")], Now = QuickAddTests.Now, Language = "de" }).Summary.Text, StringComparison.Ordinal);

    [Fact]
    public void More_than_an_analysis_takes_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Of([.. Enumerable.Range(0, 501).Select(number => Todo($"{number}", "x"))]));
        Assert.Throws<ArgumentException>(() => Of(Todo("1", new string('x', 200_001))));
    }

    [Fact]
    public void Nobody_waiting_ends_the_work()
    {
        using var gone = new CancellationTokenSource();
        gone.Cancel();

        Assert.Throws<OperationCanceledException>(() => Analysis.Of(new() { Todos = [Todo("1", "x")], Now = QuickAddTests.Now }, gone.Token));
    }

    [Fact]
    public void Whatever_the_text_every_finding_points_at_its_words() => Properties.Hold(
        from title in Texts
        from description in Texts
        from language in Gen.Elements("en", "de", null)
        select (title, description, language),
        given =>
        {
            var todo = new TodoText { Id = "1", Title = given.title, Description = given.description };
            var text = given.description.Length == 0 ? given.title : given.title + "\n" + given.description;

            var found = Analysis.Of(new() { Todos = [todo, todo with { Id = "2" }], Now = QuickAddTests.Now, Language = given.language });

            Assert.InRange(found.Sentiment.Score, -1, 1);
            Assert.All(found.Entities, entity => Assert.Equal(entity.Text, text.Substring(entity.Start, entity.Length)));
            Assert.All(found.Dates, date => Assert.Equal(date.Text, text.Substring(date.Start, date.Length)));
            Assert.All(found.Sentiment.Evidence, evidence => Assert.Equal(evidence.Text, text.Substring(evidence.Start, evidence.Length)));
            Assert.All(
                found.Priorities.SelectMany(priority => priority.Evidence).Concat(found.Effort.SelectMany(effort => effort.Evidence)).Where(evidence => evidence.Length > 0),
                evidence => Assert.Equal(evidence.Text, text.Substring(evidence.Start, evidence.Length)));
        },
        500);

    private static Gen<string> Texts => Gen.Elements(
        "call", "Anna", "Dr.", "Müller", "in", "Berlin", "GmbH", "not", "nicht", "very", "good", "schlecht", "but", "aber", "a@b.de", "https://x.y/z", "12 €", "$5",
        "+49 30 123456", "tomorrow", "morgen", "um", "9", "Uhr", "every", "Monday,", "urgent!!", "no", "rush", "30", "min", "\n", ":", "ß", "\ud83d\ude00", "\0", "'", "-", "fixed", "bug")
        .ListOf().Select(words => string.Join(' ', words));
}
