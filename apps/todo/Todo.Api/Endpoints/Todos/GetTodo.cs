using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Todos;

internal static class GetTodo
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/todos/{id:guid}", HandleAsync).WithName("getTodo").WithSummary("Reads a todo.").Requires("todo.todos:read")
            .Takes(TrashParameter.Name, TrashParameter.About)
            .Produces<TodoDocument>(200);

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var deletedToo = TrashParameter.Read(query);
        if (query.Problem() is { } wrong)
        {
            return wrong.ToResult();
        }

        if (await FindAsync(database, Actor.Of(http), id, deletedToo, cancellation) is not { } todo)
        {
            return TodoAccess.Unknown.ToResult();
        }

        var etag = Versions.ETag(todo.Version);
        return Versions.NotModified(http.Request, etag)
            ? new Reply(304, [new("ETag", etag)], default)
            : Reply.Ok(todo, TodoJson.Default.TodoDocument, etag);
    }

    internal static Task<TodoDocument?> FindAsync(Database database, Actor actor, Guid id, bool deletedToo, CancellationToken cancellation) =>
        database.ReadAsync(
            (connection, token) => connection.Command(
                $"""
                select {TodoRows.Columns}, s.total, s.done
                from todos t join list_members m on m.list_id = t.list_id and m.user_id = $2 cross join lateral (
                    select count(*)::int as total, (count(*) filter (where c.completed))::int as done
                    from todos c where c.parent_id = t.id and c.deleted_at is null) s
                where t.id = $1 and ($3 or t.deleted_at is null)
                """,
                id, actor.Id, deletedToo).OneAsync(row => TodoDocuments.Of(TodoRows.Read(row), new SubtaskCount(row.GetInt32(22), row.GetInt32(23))), token),
            cancellation);
}
