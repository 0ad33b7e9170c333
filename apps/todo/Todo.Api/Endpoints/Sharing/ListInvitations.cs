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
using Todo.Api.Lists;
using Todo.Api.Sharing;

namespace Todo.Api.Endpoints.Sharing;

/// <summary>The open invitations of a list, for its owner.</summary>
internal static class ListInvitations
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/lists/{id:guid}/invitations", HandleAsync).WithName("listInvitations").WithSummary("The open invitations of a list.").Requires("todo.lists:read")
            .Produces<InvitationPage>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } problem)
        {
            return problem.ToResult();
        }

        var person = Actor.Of(http).Id;
        return await database.ReadAsync<IResult>(
            async (connection, token) =>
            {
                var role = await connection.Command("select role from list_members where list_id = $1 and user_id = $2", id, person)
                    .OneAsync(row => row.GetString(0), token);
                return role switch
                {
                    null => ListRows.Unknown.ToResult(),
                    "owner" => Reply.Ok(InvitationPage.Of(await Invitations.OfListAsync(connection, id, time.GetUtcNow(), token)), TodoJson.Default.InvitationPage),
                    _ => ListRows.OwnerOnly.ToResult(),
                };
            },
            cancellation);
    }
}
