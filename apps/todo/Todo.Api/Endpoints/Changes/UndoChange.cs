using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Replies;
using Todo.Api.Changes;
using Todo.Api.Endpoints.Lists;
using Todo.Api.Undoing;

namespace Todo.Api.Endpoints.Changes;

internal sealed record UndoDocument(
    bool Undone,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TodoDocument? Todo,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ListDocument? List);

internal static class UndoChange
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/changes/{id:guid}/undo", HandleAsync).WithName("undoChange").WithSummary("Takes a write back.").Requires("todo.todos:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Produces<UndoDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Edits edits, [FromServices] Undo undo, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await undo.RunAsync(edit, id, token)).Is(out var undone, out var problem))
                {
                    return Reply.Of(problem);
                }

                var todo = undone.Todo is null ? null : await TodoReplies.DocumentAsync(edit.Transaction, undone.Todo, token);
                var list = undone.List is null ? null : await ListDocuments.InTransactionAsync(edit.Transaction, edit.Actor.Id, undone.List.Id, token);
                return Reply.Ok(new UndoDocument(true, todo, list), TodoJson.Default.UndoDocument);
            },
            cancellation);
}
