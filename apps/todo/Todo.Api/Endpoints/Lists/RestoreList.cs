using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Lists;

namespace Todo.Api.Endpoints.Lists;

internal static class RestoreList
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/lists/{id:guid}/restore", HandleAsync).WithName("restoreList").WithSummary("Takes a list out of the trash.").Requires("todo.lists:delete")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Produces<ListDocument>(200);

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, [FromServices] Edits edits, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await ListRows.LockAsync(edit, id, token)).Is(out var access, out var problem))
                {
                    return Reply.Of(problem);
                }

                if (access.Role != Role.Owner)
                {
                    return Reply.Of(ListRows.OwnerOnly);
                }

                var list = access.List.DeletedAt is null ? access.List : await ListBook.RestoreAsync(edit, access.List, token);
                var document = await ListDocuments.InTransactionAsync(edit.Transaction, edit.Actor.Id, id, token);
                return Reply.Ok(document, TodoJson.Default.ListDocument, Versions.ETag(list.Version));
            },
            cancellation);
}
