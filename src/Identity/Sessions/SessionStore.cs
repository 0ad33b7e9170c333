using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Sessions;

internal sealed class SessionStore(Database database, TimeProvider time)
{
    public const int OpenPerAccountMax = 200;

    /// <summary>
    /// Begins a session; null when the account was changed, disabled or removed since the person was checked. The shared lock makes a
    /// concurrent change of the password wait or be seen, so no session can slip in between the check and the revoking of all others.
    /// </summary>
    public async Task<Session?> OpenAsync(NpgsqlTransaction transaction, NewSession session, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var command = transaction.Command(
            $"""
            with owner as (
                select id from users where id = $2 and security_version = $3 and is_active for share
            )
            insert into sessions (id, user_id, parent_id, kind, client_id, audience, scopes, methods, cookie_hash, network, user_agent,
                authenticated_at, created_at, last_seen_at, expires_at)
            select $1, owner.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15 from owner
            returning {Session.Columns}
            """,
            Guid.CreateVersion7(now),
            session.UserId,
            session.SecurityVersion,
            session.ParentId,
            Session.NameOf(session.Kind),
            session.ClientId,
            string.Join(' ', session.Audience),
            string.Join(' ', session.Scopes),
            string.Join(' ', session.Methods),
            session.CookieHash,
            session.Network,
            Cut(session.UserAgent),
            session.AuthenticatedAt ?? now,
            now,
            now + session.Lifetime);
        return await command.OneAsync(Session.Read, cancellation);
    }

    public Task<Session?> FindAsync(Guid id, CancellationToken cancellation) =>
        database.ReadAsync(
            async (connection, c) =>
            {
                await using var command = connection.Command($"select {Session.Columns} from sessions where id = $1", id);
                return await command.OneAsync(Session.Read, c);
            },
            cancellation);

    /// <summary>The newest open sessions of an account.</summary>
    public Task<List<Session>> ListOpenAsync(Guid userId, CancellationToken cancellation) =>
        database.ReadAsync(
            async (connection, c) =>
            {
                await using var command = connection.Command(
                    $"""
                    select {Session.Columns} from sessions
                    where user_id = $1 and revoked_at is null and expires_at > $2
                    order by created_at desc, id desc limit {OpenPerAccountMax}
                    """,
                    userId, time.GetUtcNow());
                return await command.ListAsync(Session.Read, c);
            },
            cancellation);

    /// <summary>Ends one session of the account and what grew from it. False when the account has no such session.</summary>
    public async Task<bool> RevokeAsync(NpgsqlTransaction transaction, Guid userId, Guid id, string reason, CancellationToken cancellation)
    {
        await using var command = transaction.Command(
            """
            update sessions set revoked_at = coalesce(revoked_at, $3), revoked_reason = coalesce(revoked_reason, $4)
            where user_id = $1 and (id = $2 or parent_id = $2)
            """,
            userId, id, time.GetUtcNow(), reason);
        return await command.ExecuteAsync(cancellation) > 0;
    }

    /// <summary>Ends every session of the account, but for the one in which the change was made.</summary>
    public async Task RevokeAllAsync(NpgsqlTransaction transaction, Guid userId, string reason, Guid? except, CancellationToken cancellation)
    {
        await using var command = transaction.Command(
            """
            update sessions set revoked_at = $2, revoked_reason = $3
            where user_id = $1 and revoked_at is null and id is distinct from $4
            """,
            userId, time.GetUtcNow(), reason, except);
        await command.ExecuteAsync(cancellation);
    }

    private static string? Cut(string? userAgent) => userAgent is { Length: > 300 } ? userAgent[..300] : userAgent;
}
