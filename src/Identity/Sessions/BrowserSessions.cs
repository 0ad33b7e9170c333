using Npgsql;
using Slipway.Identity.Accounts;
using Slipway.Identity.Secrets;
using Slipway.Sdk.Database;
using Slipway.Sdk.Requests;

namespace Slipway.Identity.Sessions;

/// <summary>A browser that is signed in, with its account as it is now.</summary>
internal sealed record BrowserSession(Session Session, Account Account, string CookieValue);

/// <summary>Sessions by cookie: idle for twelve hours or fourteen days old, they are over.</summary>
internal sealed class BrowserSessions(Database database, SessionStore sessions, IdentityCookie cookie, TimeProvider time)
{
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);
    public static readonly TimeSpan Absolute = TimeSpan.FromDays(14);

    /// <summary>Being seen is written down at most this often.</summary>
    private static readonly TimeSpan s_seenEvery = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Begins a session and sets its cookie. A session the browser had before ends: a cookie planted by somebody else must not
    /// become the cookie of this sign-in. Null when the account changed while the person was being checked.
    /// </summary>
    public async Task<BrowserSession?> OpenAsync(
        HttpContext http, Account account, IReadOnlyList<string> methods, IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        var value = Opaque.Create();
        var before = cookie.Read(http.Request);
        var session = await database.WriteAsync(
            async (transaction, c) =>
            {
                if (before is not null)
                {
                    await using var end = transaction.Command(
                        "update sessions set revoked_at = $2, revoked_reason = 'replaced' where cookie_hash = $1 and revoked_at is null",
                        Opaque.Hash(before), time.GetUtcNow());
                    await end.ExecuteAsync(c);
                }

                return await sessions.OpenAsync(
                    transaction,
                    new NewSession
                    {
                        UserId = account.Id,
                        SecurityVersion = account.SecurityVersion,
                        Kind = SessionKind.Browser,
                        ClientId = "identity",
                        Audience = ["identity"],
                        Scopes = scopes,
                        Methods = methods,
                        CookieHash = Opaque.Hash(value),
                        Network = ClientAddress.Of(http)?.ToString(),
                        UserAgent = http.Request.Headers.UserAgent,
                        Lifetime = Absolute,
                    },
                    c);
            },
            cancellation);
        if (session is null)
        {
            return null;
        }

        cookie.Write(http.Response, value, Absolute);
        return new BrowserSession(session, account, value);
    }

    /// <summary>The session of the request's cookie, if it is open and its account may be used.</summary>
    public async Task<BrowserSession?> CurrentAsync(HttpContext http, CancellationToken cancellation)
    {
        if (cookie.Read(http.Request) is not { } value)
        {
            return null;
        }

        var found = await database.ReadAsync(
            async (connection, c) =>
            {
                await using var batch = new NpgsqlBatch(connection)
                {
                    BatchCommands =
                    {
                        new NpgsqlBatchCommand($"select {Session.Columns} from sessions where cookie_hash = $1")
                        {
                            Parameters = { new NpgsqlParameter { Value = Opaque.Hash(value) } },
                        },
                        new NpgsqlBatchCommand($"select {AccountStore.Columns} from users where id = (select user_id from sessions where cookie_hash = $1)")
                        {
                            Parameters = { new NpgsqlParameter { Value = Opaque.Hash(value) } },
                        },
                    },
                };
                await using var reader = await batch.ExecuteReaderAsync(c);
                var session = await reader.ReadAsync(c) ? Session.Read(reader) : null;
                await reader.NextResultAsync(c);
                var account = await reader.ReadAsync(c) ? AccountStore.Read(reader) : null;
                return session is not null && account is not null ? new BrowserSession(session, account, value) : null;
            },
            cancellation);

        var now = time.GetUtcNow();
        if (found is not { Account.IsActive: true } || !found.Session.IsOpenAt(now) || now - found.Session.LastSeenAt > Idle)
        {
            return null;
        }

        if (now - found.Session.LastSeenAt > s_seenEvery)
        {
            await SeenAsync(found.Session.Id, now, cancellation);
        }

        return found;
    }

    private Task SeenAsync(Guid id, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async (transaction, c) =>
            {
                await using var seen = transaction.Command("update sessions set last_seen_at = greatest(last_seen_at, $2) where id = $1", id, now);
                await seen.ExecuteAsync(c);
            },
            cancellation);
}
