using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Dates;
using Todo.Api.Todos;
using Todo.Language;

namespace Todo.Api.Endpoints.Todos;

internal sealed record QuickBody
{
    public string? Text { get; set; }

    public string? TimeZone { get; set; }

    public Guid? ListId { get; set; }

    public string? Language { get; set; }

    public bool DryRun { get; set; }
}

internal sealed record QuickDocument(TodoDocument? Todo, ParsedDocument Parsed);

internal sealed record ParsedDocument(
    string Title, DueBody? Due, string? Recurrence, string Priority, IReadOnlyList<string> Tags, string? Category, IReadOnlyList<ParsedSpan> Spans);

internal sealed record ParsedSpan(int Start, int Length, string Kind, string Text);

/// <summary>A todo from one typed line, such as <c>Call Ann tomorrow 15:00 #family !high</c>.</summary>
internal static class QuickTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/todos/quick", HandleAsync).WithName("quickTodo").WithSummary("Makes a todo from a typed line.").Requires("todo.todos:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<QuickBody>("application/json")
            .Produces<QuickDocument>(201);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] Edits edits, [FromServices] TodoBook book, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TodoJson.Default.QuickBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !Check(body).Is(out var line, out problem))
        {
            return problem.ToResult();
        }

        var parsed = Parsed(QuickAdd.Parse(line, time.GetUtcNow(), body.TimeZone ?? "UTC", body.Language ?? ""));
        if (body.DryRun)
        {
            _ = Actor.Of(http);
            return Reply.Ok(new QuickDocument(null, parsed), TodoJson.Default.QuickDocument);
        }

        if (!TodoRules.Check(BodyOf(parsed)).Is(out var content, out problem))
        {
            return problem.ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) => (await book.CreateAsync(edit, content, body.ListId, null, null, token)).Is(out var todo, out var refused)
                ? Reply.Created(
                    $"/api/v1/todos/{todo.Id}", new QuickDocument(TodoDocuments.Of(todo, SubtaskCount.None), parsed), TodoJson.Default.QuickDocument,
                    Versions.ETag(todo.Version))
                : Reply.Of(refused),
            cancellation);
    }

    private static Outcome<string> Check(QuickBody body)
    {
        var findings = new Findings();
        var line = findings.Text("/text", body.Text, TodoRules.TitleMax);
        if (body.TimeZone is not null && !TimeZones.TryFind(body.TimeZone, out _))
        {
            findings.Add("/timeZone", "unknownTimeZone", "The time zone is an IANA name such as Europe/Berlin.");
        }

        findings.OptionalText("/language", body.Language, 35);
        return findings.Any ? findings.ToProblem() : line;
    }

    private static ParsedDocument Parsed(QuickAddResult result) => new(
        result.Title,
        result.DueDate is not { } date ? null : TodoDocuments.Due(new Due(date, result.DueTime, result.TimeZone)),
        result.Recurrence,
        result.Priority,
        result.Tags,
        result.Category,
        [.. result.Spans.Select(span => new ParsedSpan(span.Start, span.Length, span.Kind, span.Text))]);

    private static TodoBody BodyOf(ParsedDocument parsed) => new()
    {
        Title = parsed.Title,
        Due = parsed.Due,
        Recurrence = parsed.Due is null ? null : parsed.Recurrence,
        Priority = parsed.Priority,
        Tags = [.. parsed.Tags],
        Category = parsed.Category,
    };
}
