using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Identity.Accounts;
using Slipway.Identity.Secrets;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Sessions;

/// <summary>A session that goes on: its account as it is now, and the token for the next time.</summary>
internal sealed record Refreshed(Session Session, Account Account, string RefreshToken);

/// <summary>
/// Refresh tokens: each is good for one exchange. The successor is derived from the token itself, so that a repeated exchange within
/// the grace period gives the very same one although only hashes are stored.
/// </summary>
internal sealed partial class RefreshTokens(Database database, Seal seal, TimeProvider time, ILogger<RefreshTokens> log)
{
    /// <summary>Unused for so long, a session is over.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(30);

    public static readonly Problem Invalid = new(
        401, "refreshTokenInvalid", "Sign in again", "The refresh token is unknown, expired or was used before.")
    {
        Headers = [new("WWW-Authenticate", "Bearer error=\"invalid_token\"")],
    };

    private readonly byte[][] _keys = seal.KeysFor("refresh token successors");

    /// <summary>The first token of a session's family.</summary>
    public async Task<string> IssueAsync(NpgsqlTransaction transaction, Session session, CancellationToken cancellation)
    {
        var token = Opaque.Create();
        await AddAsync(transaction, token, session, cancellation);
        return token;
    }

    /// <summary>
    /// Exchanges a token. <paramref name="clientId"/>: the client that presents it, which must be the one it was made for; null accepts any
    /// session that was begun with a password.
    /// </summary>
    public async Task<Outcome<Refreshed>> RotateAsync(string? token, string? clientId, CancellationToken cancellation)
    {
        if (!Opaque.IsWellFormed(token))
        {
            return Invalid;
        }

        var hash = Opaque.Hash(token!);
        return await database.WriteAsync((transaction, c) => RotateAsync(transaction, token!, hash, clientId, c), cancellation);
    }

    /// <summary>Ends the session the token belongs to. An unknown token is no error: afterwards it is not valid, as asked.</summary>
    public Task RevokeAsync(string? token, string? clientId, CancellationToken cancellation) =>
        !Opaque.IsWellFormed(token) ? Task.CompletedTask : database.WriteAsync(
            async (transaction, c) =>
            {
                await using var command = transaction.Command(
                    """
                    update sessions set revoked_at = $2, revoked_reason = 'signedOut'
                    where id = (select session_id from refresh_tokens where hash = $1) and revoked_at is null
                        and ($3::text is null or client_id = $3)
                    """,
                    Opaque.Hash(token!), time.GetUtcNow(), clientId);
                await command.ExecuteAsync(c);
            },
            cancellation);

    private async Task<Outcome<Refreshed>> RotateAsync(
        NpgsqlTransaction transaction, string token, byte[] hash, string? clientId, CancellationToken cancellation)
    {
        // The session's row is locked, not the token's: every exchange within a family takes its turn.
        await using var find = transaction.Command(
            $"select {Session.Columns} from sessions where id = (select session_id from refresh_tokens where hash = $1) for update", hash);
        if (await find.OneAsync(Session.Read, cancellation) is not { } session
            || (clientId is null ? session.Kind != SessionKind.Token : session.ClientId != clientId))
        {
            return Invalid;
        }

        await using var read = transaction.Command("select salt, expires_at, used_at from refresh_tokens where hash = $1", hash);
        if (await read.OneAsync(Stored.Read, cancellation) is not { } stored
            || await AccountOfAsync(transaction, session.UserId, cancellation) is not { } account)
        {
            return Invalid;
        }

        var successor = stored.UsedAt is null ? Successor(_keys[0], token, stored.Salt) : await IssuedAsync(transaction, token, stored.Salt, cancellation);
        var now = time.GetUtcNow();
        var verdict = RefreshRules.Decide(new RefreshPicture(
            now,
            stored.ExpiresAt,
            stored.UsedAt,
            stored.UsedAt is not null && await IsUsedAsync(transaction, Opaque.Hash(successor), cancellation),
            session.IsOpenAt(now),
            account.IsActive));
        switch (verdict)
        {
            case RefreshVerdict.Exchange:
                await using (var use = transaction.Command("update refresh_tokens set used_at = $2 where hash = $1", hash, now))
                {
                    await use.ExecuteAsync(cancellation);
                }

                await AddAsync(transaction, successor, session, cancellation);
                await SeenAsync(transaction, session, now, cancellation);
                return new Refreshed(session, account, successor);
            case RefreshVerdict.Repeat:
                return new Refreshed(session, account, successor);
            case RefreshVerdict.Replay:
                FamilyRevoked(session.Id, session.ClientId);
                await using (var revoke = transaction.Command(
                    "update sessions set revoked_at = $2, revoked_reason = 'replay' where id = $1 and revoked_at is null", session.Id, now))
                {
                    await revoke.ExecuteAsync(cancellation);
                }

                return Invalid;
            default:
                return Invalid;
        }
    }

    /// <summary>The successor that was given out for a used token, perhaps before the key was changed.</summary>
    private async Task<string> IssuedAsync(NpgsqlTransaction transaction, string token, byte[] salt, CancellationToken cancellation)
    {
        foreach (var key in _keys[1..])
        {
            var successor = Successor(key, token, salt);
            await using var command = transaction.Command("select 1 from refresh_tokens where hash = $1", Opaque.Hash(successor));
            if (await command.ExecuteScalarAsync(cancellation) is not null)
            {
                return successor;
            }
        }

        return Successor(_keys[0], token, salt);
    }

    private static string Successor(byte[] key, string token, byte[] salt) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, salt.Concat(Encoding.ASCII.GetBytes(token)).ToArray()));

    private Task AddAsync(NpgsqlTransaction transaction, string token, Session session, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var idleUntil = now + Idle;
        return transaction.AtCommitAsync(
            "insert into refresh_tokens (hash, session_id, salt, created_at, expires_at) values ($1, $2, $3, $4, $5)",
            cancellation,
            Opaque.Hash(token),
            session.Id,
            RandomNumberGenerator.GetBytes(16),
            now,
            idleUntil < session.ExpiresAt ? idleUntil : session.ExpiresAt);
    }

    private static async Task<Account?> AccountOfAsync(NpgsqlTransaction transaction, Guid userId, CancellationToken cancellation)
    {
        await using var command = transaction.Command($"select {AccountStore.Columns} from users where id = $1", userId);
        return await command.OneAsync(AccountStore.Read, cancellation);
    }

    private static async Task<bool> IsUsedAsync(NpgsqlTransaction transaction, byte[] hash, CancellationToken cancellation)
    {
        await using var command = transaction.Command("select 1 from refresh_tokens where hash = $1 and used_at is not null", hash);
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    private static async Task SeenAsync(NpgsqlTransaction transaction, Session session, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = transaction.Command("update sessions set last_seen_at = $2 where id = $1", session.Id, now);
        await command.ExecuteAsync(cancellation);
    }

    [LoggerMessage(EventId = 4201, Level = LogLevel.Warning, Message =
        "A refresh token of session {SessionId} (client {ClientId}) was used again after its successor: the session is revoked.")]
    private partial void FamilyRevoked(Guid sessionId, string clientId);

    private sealed record Stored(byte[] Salt, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt)
    {
        public static Stored Read(NpgsqlDataReader row) => new(
            row.GetFieldValue<byte[]>(0), row.GetFieldValue<DateTimeOffset>(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2));
    }
}
