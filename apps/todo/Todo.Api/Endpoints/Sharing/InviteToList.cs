using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Api.Changes;
using Todo.Api.Lists;
using Todo.Api.Sharing;

namespace Todo.Api.Endpoints.Sharing;

internal static class InviteToList
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/lists/{id:guid}/invitations", HandleAsync).WithName("inviteToList").WithSummary("Invites an e-mail address.").Requires("todo.lists:write").Limited("invite")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Accepts<InvitationBody>("application/json")
            .Produces<InvitationDocument>(201);

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, [FromServices] Edits edits, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, TodoJson.Default.InvitationBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var email = EmailAddress.Check(findings, "/email", body.Email);
        var role = findings.Choice("/role", body.Role, Role.Editor, ("editor", Role.Editor), ("viewer", Role.Viewer));
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        return await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await ListRows.LockAsync(edit, id, token)).Is(out var access, out var refused))
                {
                    return Reply.Of(refused);
                }

                if (access.Role != Role.Owner)
                {
                    return Reply.Of(ListRows.OwnerOnly);
                }

                if (access.List is { Inbox: true } or { DeletedAt: not null })
                {
                    return Reply.Of(Problem.Conflict("notShareable", "This list cannot be shared", "The inbox and lists in the trash are their owner's alone."));
                }

                return (await Invitations.InviteAsync(edit, access.List, email, role, token)).Is(out var invitation, out refused)
                    ? Reply.Created($"/api/v1/lists/{id}/invitations/{invitation.Id}", InvitationDocument.Of(invitation), TodoJson.Default.InvitationDocument)
                    : Reply.Of(refused);
            },
            cancellation);
    }
}
