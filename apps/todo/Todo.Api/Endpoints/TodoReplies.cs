using Microsoft.AspNetCore.Http;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints;

/// <summary>Answers that consist of one todo.</summary>
internal static class TodoReplies
{
    /// <summary>The version a client must name for changing a todo.</summary>
    public static Func<TodoState, Problem?> IfMatch(HttpContext http) => todo => Versions.RequireMatch(http.Request, todo.Version);

    /// <summary>For actions that may be asked for without having read the todo; a version that is named must still fit.</summary>
    public static Func<TodoState, Problem?> IfMatchNamed(HttpContext http) =>
        todo => http.Request.Headers.IfMatch.Count == 0 ? null : Versions.RequireMatch(http.Request, todo.Version);

    public static async Task<Reply> OkAsync(NpgsqlTransaction transaction, Outcome<TodoState> outcome, CancellationToken cancellation) =>
        outcome.Is(out var todo, out var problem)
            ? Reply.Ok(await DocumentAsync(transaction, todo, cancellation), TodoJson.Default.TodoDocument, Versions.ETag(todo.Version))
            : Reply.Of(problem);

    public static Reply Created(TodoState todo) =>
        Reply.Created($"/api/v1/todos/{todo.Id}", TodoDocuments.Of(todo, SubtaskCount.None), TodoJson.Default.TodoDocument, Versions.ETag(todo.Version));

    public static async Task<TodoDocument> DocumentAsync(NpgsqlTransaction transaction, TodoState todo, CancellationToken cancellation) =>
        TodoDocuments.Of(todo, todo.ParentId is not null ? SubtaskCount.None : await CountAsync(transaction, todo.Id, cancellation));

    private static async Task<SubtaskCount> CountAsync(NpgsqlTransaction transaction, Guid todo, CancellationToken cancellation) =>
        await transaction.Command(
            "select count(*)::int, (count(*) filter (where completed))::int from todos where parent_id = $1 and deleted_at is null", todo)
            .OneAsync(row => new SubtaskCount(row.GetInt32(0), row.GetInt32(1)), cancellation) ?? SubtaskCount.None;
}
