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
using Todo.Api.Lists;

namespace Todo.Api.Endpoints.Lists;

internal static class DeleteList
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/lists/{id:guid}", HandleAsync).WithName("deleteList").WithSummary("Throws a list away with everything in it.").Requires("todo.lists:delete")
            .TakesHeader("If-Match", "The version that was read, from ETag.", required: true)
            .Produces(204);

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

                if (access.List.DeletedAt is not null)
                {
                    return Reply.NoContent();
                }

                if (access.List.Inbox)
                {
                    return Reply.Of(Problem.Conflict("inbox", "The inbox stays", "Everyone has an inbox; it cannot be deleted."));
                }

                if (Versions.RequireMatch(http.Request, access.List.Version) is { } mismatch)
                {
                    return Reply.Of(mismatch);
                }

                await ListBook.DeleteAsync(edit, access.List, token);
                return Reply.NoContent();
            },
            cancellation);
}
