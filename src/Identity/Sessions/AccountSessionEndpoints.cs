using Slipway.Identity.Administration;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;

namespace Slipway.Identity.Sessions;

internal sealed record SessionView(
    Guid Id,
    string Kind,
    string ClientId,
    IReadOnlyList<string> Methods,
    string? Network,
    string? UserAgent,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    bool Current);

internal sealed record SessionList(IReadOnlyList<SessionView> Items);

/// <summary><c>/api/v1/account/sessions</c>: where one is signed in, and signing out there.</summary>
internal static class AccountSessionEndpoints
{
    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("/sessions", ListAsync).WithName("listSessions").Produces<SessionList>(200).RequiresAccount(IdentityScopes.Read);
        account.MapDelete("/sessions/{id:guid}", RevokeAsync).WithName("revokeSession").Produces(204).ProducesProblem(404).RequiresAccount(IdentityScopes.Write);
    }

    private static async Task<IResult> ListAsync(HttpContext http, SessionStore sessions, CancellationToken cancellation)
    {
        var caller = http.Account();
        var open = await sessions.ListOpenAsync(caller.Account.Id, cancellation);
        return Reply.Ok(
            new SessionList([.. open.Select(session => new SessionView(
                session.Id,
                Session.NameOf(session.Kind),
                session.ClientId,
                session.Methods,
                session.Network,
                session.UserAgent,
                session.CreatedAt,
                session.LastSeenAt,
                session.ExpiresAt,
                session.Id == caller.Session.Id))]),
            IdentityJson.Default.SessionList);
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext http, Guid id, Database database, SessionStore sessions, ActivityLog activity, CancellationToken cancellation)
    {
        var owner = http.Account().Account.Id;
        var known = await database.WriteAsync(
            async (transaction, c) =>
            {
                if (!await sessions.RevokeAsync(transaction, owner, id, "revokedByOwner", c))
                {
                    return false;
                }

                await activity.AddAsync(transaction, http, owner, new Activity("session.revoked", "session", id.ToString()), c);
                return true;
            },
            cancellation);
        return known ? Reply.NoContent() : Problem.NotFound("session").ToResult();
    }
}
