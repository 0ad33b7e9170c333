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
using Todo.Api.Lists;
using Todo.Api.Sharing;

namespace Todo.Api.Endpoints.Sharing;

/// <summary>Invitations to the address the caller has proven to own, and the two answers to them.</summary>
internal static class MyInvitations
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/invitations", ListAsync).WithName("myInvitations").WithSummary("Invitations to the caller.").Requires("todo.lists:read")
            .Produces<InvitationPage>(200);
        api.MapPost("/invitations/{id:guid}/accept", AcceptAsync).WithName("acceptInvitation").WithSummary("Joins a list.").Requires("todo.lists:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Produces<InvitationDocument>(200);
        api.MapPost("/invitations/{id:guid}/decline", DeclineAsync).WithName("declineInvitation").WithSummary("Declines an invitation.").Requires("todo.lists:write")
            .TakesHeader("Idempotency-Key", "Sent again with the same key and body, the call is done once.")
            .Produces<InvitationDocument>(200);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, [FromServices] Database database, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var invitations = Actor.Of(http).Email is { } email
            ? await database.ReadAsync((connection, token) => Invitations.ForEmailAsync(connection, email, time.GetUtcNow(), token), cancellation)
            : [];
        return Reply.Ok(InvitationPage.Of(invitations), TodoJson.Default.InvitationPage);
    }

    private static async Task<IResult> AcceptAsync(Guid id, HttpContext http, [FromServices] Edits edits, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await Invitations.LockAsync(edit, id, token)).Is(out var invitation, out var problem))
                {
                    return Reply.Of(problem);
                }

                await Invitations.AnswerAsync(edit, id, "accepted", token);
                await ListRows.AddMemberAsync(edit, invitation.ListId, edit.Actor, invitation.Role, token);
                edit.Note(ChangeKind.Member, "joined", edit.Actor.Id, invitation.ListId, 0);
                return Reply.Ok(InvitationDocument.Of(invitation with { Status = "accepted" }), TodoJson.Default.InvitationDocument);
            },
            cancellation);

    private static async Task<IResult> DeclineAsync(Guid id, HttpContext http, [FromServices] Edits edits, CancellationToken cancellation) =>
        await edits.RunAsync(
            http,
            async (edit, token) =>
            {
                if (!(await Invitations.LockAsync(edit, id, token)).Is(out var invitation, out var problem))
                {
                    return Reply.Of(problem);
                }

                await Invitations.AnswerAsync(edit, id, "declined", token);
                edit.Note(ChangeKind.Member, "declined", id, invitation.ListId, 0);
                return Reply.Ok(InvitationDocument.Of(invitation with { Status = "declined" }), TodoJson.Default.InvitationDocument);
            },
            cancellation);
}
