using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Sdk.Sessions;

/// <summary>The rows of sessions. A session is found by the hash of its cookie, so a copy of the table signs nobody in.</summary>
internal sealed class SessionStore(Database.Database database, SessionKeys keys, SessionOptions options, TimeProvider time)
{
    private const string Columns = "id, profile::text, tokens, tokens_expire_at, created_at, seen_at";
    private const int CookieBytes = 32;

    /// <summary>Noting every use would turn each read into a write.</summary>
    private static readonly TimeSpan s_touch = TimeSpan.FromMinutes(5);

    /// <summary>Answers the new cookie's value.</summary>
    public async Task<string> CreateAsync(SessionUser user, SessionTokens tokens, DateTimeOffset tokensExpireAt, string? replaced, CancellationToken cancellation)
    {
        var cookie = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CookieBytes));
        var id = IdOf(cookie);
        var now = time.GetUtcNow();
        var seal = await keys.SealAsync(cancellation);
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await transaction.Command(
                    "insert into slipway.sessions (id, user_id, profile, tokens, tokens_expire_at, created_at, seen_at) values ($1, $2, $3::json, $4, $5, $6, $6)",
                    id, user.Id, JsonSerializer.Serialize(user, SessionJson.Default.SessionUser), Seal(seal, id, tokens), tokensExpireAt, now).ExecuteAsync(token);
                if (replaced is not null)
                {
                    await transaction.Command("delete from slipway.sessions where id = $1", IdOf(replaced)).ExecuteAsync(token);
                }
            },
            cancellation);
        return cookie;
    }

    /// <summary>Null if there is none, or it is over.</summary>
    public async Task<SessionRow?> FindAsync(string cookie, CancellationToken cancellation)
    {
        var id = IdOf(cookie);
        var seal = await keys.SealAsync(cancellation);
        var row = await database.ReadAsync(
            (connection, token) => connection.Command($"select {Columns} from slipway.sessions where id = $1", id).OneAsync(reader => Read(seal, reader), token), cancellation);
        var now = time.GetUtcNow();
        if (row is null || row.ExpiresAt(options) <= now)
        {
            return null;
        }

        if (now - row.SeenAt >= s_touch)
        {
            await database.WriteAsync((transaction, token) => transaction.Command("update slipway.sessions set seen_at = $2 where id = $1 and seen_at < $2", id, now).ExecuteAsync(token), cancellation);
            row = row with { SeenAt = now };
        }

        return row;
    }

    public Task DeleteAsync(byte[] id, CancellationToken cancellation) =>
        database.WriteAsync((transaction, token) => transaction.Command("delete from slipway.sessions where id = $1", id).ExecuteAsync(token), cancellation);

    /// <summary>The row as it is now, held until the transaction ends. Null if the session is gone.</summary>
    public async Task<SessionRow?> LockAsync(NpgsqlTransaction transaction, byte[] id, CancellationToken cancellation)
    {
        var seal = await keys.SealAsync(cancellation);
        return await transaction.Command($"select {Columns} from slipway.sessions where id = $1 for update", id).OneAsync(reader => Read(seal, reader), cancellation);
    }

    public async Task ReplaceTokensAsync(NpgsqlTransaction transaction, byte[] id, SessionTokens tokens, DateTimeOffset expireAt, CancellationToken cancellation)
    {
        var seal = await keys.SealAsync(cancellation);
        await transaction.Command("update slipway.sessions set tokens = $2, tokens_expire_at = $3 where id = $1", id, Seal(seal, id, tokens), expireAt).ExecuteAsync(cancellation);
    }

    private static byte[] IdOf(string cookie) => SHA256.HashData(Encoding.UTF8.GetBytes(cookie));

    private static byte[] Seal(SessionSeal seal, byte[] id, SessionTokens tokens) =>
        seal.SealTokens(id, JsonSerializer.SerializeToUtf8Bytes(tokens, SessionJson.Default.SessionTokens));

    /// <summary>A session sealed with another key is no session any more; its browser signs in again.</summary>
    private static SessionRow? Read(SessionSeal seal, NpgsqlDataReader row)
    {
        var id = row.GetFieldValue<byte[]>(0);
        return seal.OpenTokens(id, row.GetFieldValue<byte[]>(2)) is { } plain
            && JsonSerializer.Deserialize(plain, SessionJson.Default.SessionTokens) is { } tokens
            && JsonSerializer.Deserialize(row.GetString(1), SessionJson.Default.SessionUser) is { } user
                ? new SessionRow(id, user, tokens, row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5))
                : null;
    }
}
