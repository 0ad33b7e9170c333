using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sdk.Problems;
using Todo.Language;

namespace Todo.Insights.Wire;

/// <summary>From a body to what the analyser takes; everything that is wrong is told at once.</summary>
internal static class RequestReading
{
    public const int TitleMax = 500;
    public const int DescriptionMax = 10_000;

    public static Outcome<AnalysisInput> Read(InsightsRequest request, DateTimeOffset present, int minutesPerDay)
    {
        var findings = new Findings();
        var moment = Moment.Read(findings, request.TimeZone, request.Now, request.Language, present);
        if (request.Todos is not { } todos)
        {
            findings.Add("/todos", "required", "todos is required; it may be empty.");
            return findings.ToProblem();
        }

        if (todos.Count > Analysis.TodosMax)
        {
            findings.Add("/todos", "tooMany", $"todos must have at most {Analysis.TodosMax} items; it has {todos.Count}.", new JsonObject { ["max"] = Analysis.TodosMax });
            return findings.ToProblem();
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        var read = todos.Select((todo, index) => Todo(findings, $"/todos/{index}", todo, moment, ids)).ToList();
        var characters = read.Sum(todo => (long)todo.Title.Length + todo.Description.Length);
        if (characters > Analysis.CharactersMax)
        {
            findings.Add(
                "/todos",
                "tooMuchText",
                $"Titles and descriptions together must have at most {Analysis.CharactersMax} characters; they have {characters}.",
                new JsonObject { ["max"] = Analysis.CharactersMax });
        }

        return findings.Any
            ? findings.ToProblem()
            : new AnalysisInput { Todos = read, Now = moment.Now, TimeZone = moment.TimeZone, Language = moment.Language, MinutesPerDay = minutesPerDay };
    }

    private static TodoText Todo(Findings findings, string pointer, TodoToAnalyse? todo, Moment moment, HashSet<string> ids)
    {
        if (todo is null)
        {
            findings.Add(pointer, "required", "A todo must not be null.");
            return new() { Id = "", Title = "" };
        }

        var id = findings.Text($"{pointer}/id", todo.Id, max: 100);
        if (id.Length > 0 && !ids.Add(id))
        {
            findings.Add($"{pointer}/id", "repeated", $"id {id} appears twice.");
        }

        if (todo.EffortMinutes is < 0 or > 100_000)
        {
            findings.Add($"{pointer}/effortMinutes", "outOfRange", "effortMinutes must be from 0 to 100000.");
        }

        return new()
        {
            Id = id,
            Title = findings.Text($"{pointer}/title", todo.Title, TitleMax),
            Description = findings.OptionalText($"{pointer}/description", todo.Description, DescriptionMax) ?? "",
            Category = findings.OptionalText($"{pointer}/category", todo.Category, 50),
            DueDate = Day(findings, $"{pointer}/dueDate", todo.DueDate, moment),
            Completed = todo.Completed ?? false,
            Priority = findings.Choice($"{pointer}/priority", todo.Priority, null, ("none", null), ("low", "low"), ("medium", "medium"), ("high", (string?)"high")),
            EffortMinutes = todo.EffortMinutes,
        };
    }

    private static DateOnly? Day(Findings findings, string pointer, string? text, Moment moment)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }

        if (Moment.Instant(text) is { } instant)
        {
            return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, moment.Zone).DateTime);
        }

        findings.Add(pointer, "notADate", "dueDate must be a date such as 2026-01-15 or an instant such as 2026-01-15T09:30:00Z.");
        return null;
    }
}
