using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Documented;

internal static class PlainGet
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/todos/{id:guid}", HandleAsync).WithName("plainGetTodo").WithSummary("Reads a todo.").Requires("todo.todos:read")
            .Produces<PlainTodo>(200);

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var person = Actor.Of(http).Id;
        var todo = await database.ReadAsync(
            (connection, token) => connection.Command(
                $"""
                select {TodoRows.Columns} from todos t join list_members m on m.list_id = t.list_id and m.user_id = $2
                where t.id = $1 and t.deleted_at is null
                """,
                id, person).OneAsync(TodoRows.Read, token),
            cancellation);
        return todo is null
            ? TodoAccess.Unknown.ToResult()
            : Reply.Ok(PlainTodo.Of(todo), TodoJson.Default.PlainTodo, Versions.ETag(todo.Version));
    }
}
