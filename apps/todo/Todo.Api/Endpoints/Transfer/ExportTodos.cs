using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Listing;
using Todo.Api.Todos;
using Todo.Api.Transfer;

namespace Todo.Api.Endpoints.Transfer;

/// <summary>Everything somebody sees, as a file. What is in the trash stays out.</summary>
internal static class ExportTodos
{
    private const int TodosMax = 10_000;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/exports", HandleAsync).WithName("exportTodos").WithSummary("Everything the caller sees, as a file.").Requires("todo.todos:read").Limited("transfer")
            .Takes("format", "csv, json or ics.")
            .Takes("listId", "Only this list.")
            .Produces<TransferDocument>(200);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromServices] TodoListing listing, [FromServices] Database database, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var format = query.Text("format") ?? "json";
        if (format is not ("csv" or "json" or "ics"))
        {
            query.Wrong("format", "notOneOf", "format must be one of csv, json, ics.");
        }

        var filter = TodoFilter.OfList(TodoFilter.Id(query, "listId"));
        if (query.Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var person = Actor.Of(http).Id;
        var todos = await listing.AllAsync(person, filter, TodosMax + 1, cancellation);
        if (todos.Count > TodosMax)
        {
            return Problem.Conflict("tooManyTodos", "Too many todos for one file", $"A file holds at most {TodosMax} todos. Export list by list with listId.").ToResult();
        }

        var lists = await database.ReadAsync(
            (connection, token) => connection.Command("select l.id, l.name from lists l join list_members m on m.list_id = l.id where m.user_id = $1", person)
                .ListAsync(row => (Id: row.GetGuid(0), Name: row.GetString(1)), token),
            cancellation);
        var names = lists.ToDictionary(list => list.Id, list => list.Name);
        var rows = todos.Select(todo => RowOf(todo, names.GetValueOrDefault(todo.ListId)));
        var now = time.GetUtcNow();
        return format switch
        {
            "csv" => File("text/csv; charset=utf-8", "csv", CsvTodos.Write(rows), now),
            "ics" => File("text/calendar; charset=utf-8", "ics", CalendarWriter.Write(rows, now), now),
            _ => File("application/json; charset=utf-8", "json", JsonTodos.Write(rows, now), now),
        };
    }

    private static Reply File(string type, string extension, string text, DateTimeOffset now) => new(
        200,
        [
            new("Content-Type", type),
            new("Content-Disposition", string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"todos-{now:yyyy-MM-dd}.{extension}\"")),
            new("Cache-Control", "no-store"),
        ],
        Encoding.UTF8.GetBytes(text));

    private static TransferTodo RowOf(TodoState todo, string? list)
    {
        var due = TodoDocuments.Due(todo.Content.Due);
        return new TransferTodo
        {
            Id = todo.Id.ToString(),
            ParentId = todo.ParentId?.ToString(),
            List = list,
            Title = todo.Content.Title,
            Notes = todo.Content.Notes,
            Category = todo.Content.Category,
            Priority = TodoDocuments.Name(todo.Content.Priority),
            Tags = todo.Content.Tags,
            DueDate = due?.Date,
            DueTime = due?.Time,
            TimeZone = due?.TimeZone,
            Recurrence = todo.Content.Recurrence,
            Reminders = todo.Content.Reminders,
            Completed = todo.Completed,
            CompletedAt = todo.CompletedAt,
            CreatedAt = todo.CreatedAt,
        };
    }
}
