using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Todos;

internal sealed record HistoryPage(IReadOnlyList<HistoryEntry> Items, Page Page);

internal sealed record HistoryEntry(
    Guid Id, DateTimeOffset At, HistoryActor Actor, string Action, long Version, IReadOnlyList<FieldChange> Changes);

internal sealed record HistoryActor(Guid Id, string? Name);

/// <summary>Who did what to a todo, newest first.</summary>
internal static class TodoHistory
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/todos/{id:guid}/history", HandleAsync).WithName("todoHistory").WithSummary("Tells who changed what.").Requires("todo.todos:read")
            .TakesPage()
            .Produces<HistoryPage>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] Cursors cursors, CancellationToken cancellation)
    {
        var person = Actor.Of(http).Id;
        var binding = $"{person}\nhistory\n{id}";
        if (!PageRequest.Read(http.Request, Query.Of(http.Request), "-at").Is(out var page, out var problem)
            || !cursors.Read(page, binding).Is(out var keys, out problem))
        {
            return problem.ToResult();
        }

        var comparison = page.Descending ? "<" : ">";
        var direction = page.Descending ? "desc" : "asc";
        var entries = await database.ReadAsync(
            async (connection, token) => await connection.Command(
                "select true from todos t join list_members m on m.list_id = t.list_id and m.user_id = $2 where t.id = $1", id, person)
                .OneAsync(row => row.GetBoolean(0), token)
                ? await connection.Command(
                    $"""
                    select group_id, at, actor_id, actor_name, action, version, before::text, after::text from changes
                    where subject_id = $1 and kind = 'todo' and ($2::uuid is null or group_id {comparison} $2)
                    order by group_id {direction}, number {direction} limit $3
                    """,
                    id, Parameters.Id(keys is [var last] ? Guid.Parse(last) : null), page.Limit + 1).ListAsync(
                        row => new HistoryEntry(
                            row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), new HistoryActor(row.GetGuid(2), row.TextOrNull(3)), row.GetString(4),
                            row.GetInt64(5), FieldChanges.Between(Parse(row.TextOrNull(6)), Parse(row.TextOrNull(7)))),
                        token)
                : null,
            cancellation);
        if (entries is null)
        {
            return TodoAccess.Unknown.ToResult();
        }

        var more = entries.Count > page.Limit;
        var items = more ? entries[..page.Limit] : entries;
        var answer = new Page(page.Limit, more ? cursors.Write(page, binding, items[^1].Id.ToString()) : null, null, null);
        Links.Write(http.Response, answer);
        return Reply.Ok(new HistoryPage(items, answer), TodoJson.Default.HistoryPage);
    }

    private static JsonObject? Parse(string? json) => json is null ? null : JsonNode.Parse(json)?.AsObject();
}
