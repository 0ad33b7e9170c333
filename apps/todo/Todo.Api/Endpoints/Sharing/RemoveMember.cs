using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Todo.Api.Changes;
using Todo.Api.Lists;
using Todo.Api.Sharing;

namespace Todo.Api.Endpoints.Sharing;

/// <summary>The owner removes somebody, or a member leaves.</summary>
internal static class RemoveMember
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/lists/{id:guid}/members/{userId:guid}", HandleAsync).WithName("removeMember").WithSummary("Removes a member, or leaves.").Requires("todo.lists:write")
            .Produces(204);

    private static async Task<IResult> HandleAsync(Guid id, Guid userId, HttpContext http, [FromServices] Edits edits, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await ListRows.LockAsync(edit, id, token)).Is(out var access, out var problem))
                {
                    return Reply.Of(problem);
                }

                if (access.Role != Role.Owner && userId != edit.Actor.Id)
                {
                    return Reply.Of(ListRows.OwnerOnly);
                }

                var member = await Members.LockAsync(edit, id, userId, token);
                if (member?.Role == Role.Owner)
                {
                    return Reply.Of(Problem.Conflict("owner", "The owner stays", "The owner cannot leave the list. Delete it instead."));
                }

                if (member is not null)
                {
                    await Members.RemoveAsync(edit, id, userId, token);
                }

                return Reply.NoContent();
            },
            cancellation);
}
