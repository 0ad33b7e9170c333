using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Replies;
using Todo.Api.Changes;
using Todo.Api.Lists;
using Todo.Api.Sharing;

namespace Todo.Api.Endpoints.Sharing;

internal static class WithdrawInvitation
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/lists/{id:guid}/invitations/{invitationId:guid}", HandleAsync).WithName("withdrawInvitation").WithSummary("Withdraws an invitation.").Requires("todo.lists:write")
            .Produces(204);

    private static async Task<IResult> HandleAsync(Guid id, Guid invitationId, HttpContext http, [FromServices] Edits edits, CancellationToken cancellation) =>
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

                await Invitations.WithdrawAsync(edit, id, invitationId, token);
                return Reply.NoContent();
            },
            cancellation);
}
