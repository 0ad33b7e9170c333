using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.ApiKeys;

/// <summary>Keys as rows. Expired and revoked ones stay for their owner to see, up to the purge.</summary>
internal static class ApiKeyStore
{
    private const string Columns = "id, user_id, name, environment, secret_hash, scopes, created_at, expires_at, last_used_at, revoked_at";

    public static Task<ApiKey?> FindAsync(NpgsqlConnection connection, string id, CancellationToken cancellation) =>
        connection.Command($"select {Columns} from api_keys where id = $1", id).OneAsync(Read, cancellation);

    public static Task<List<ApiKey>> OfAsync(NpgsqlConnection connection, Guid userId, CancellationToken cancellation) =>
        connection.Command($"select {Columns} from api_keys where user_id = $1 order by created_at desc, id limit 500", userId).ListAsync(Read, cancellation);

    public static async Task<int> LivingAsync(NpgsqlTransaction tx, Guid userId, DateTimeOffset now, CancellationToken cancellation)
    {
        // Counting and adding must not overlap for one person, or two requests at once would pass the limit together.
        await tx.Command("select 1 from users where id = $1 for update", userId).ExecuteAsync(cancellation);
        var counted = await tx.Command("select count(*) from api_keys where user_id = $1 and revoked_at is null and expires_at > $2", userId, now)
            .ListAsync(row => (int)row.GetInt64(0), cancellation);
        return counted[0];
    }

    public static Task AddAsync(NpgsqlTransaction tx, ApiKey key, CancellationToken cancellation) => tx.Command(
        "insert into api_keys (id, user_id, name, environment, secret_hash, scopes, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        key.Id, key.UserId, key.Name, key.Environment, key.SecretHash, key.Scopes.ToArray(), key.CreatedAt, key.ExpiresAt).ExecuteAsync(cancellation);

    public static Task<int> RevokeAsync(NpgsqlTransaction tx, Guid userId, string id, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        "update api_keys set revoked_at = $3 where id = $1 and user_id = $2 and revoked_at is null", id, userId, now).ExecuteAsync(cancellation);

    public static Task RevokeAllAsync(NpgsqlTransaction tx, Guid userId, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        "update api_keys set revoked_at = $2 where user_id = $1 and revoked_at is null", userId, now).ExecuteAsync(cancellation);

    public static Task UsedAsync(NpgsqlTransaction tx, string id, DateTimeOffset now, CancellationToken cancellation) =>
        tx.Command("update api_keys set last_used_at = greatest(last_used_at, $2) where id = $1", id, now).ExecuteAsync(cancellation);

    /// <summary>A key that ended is shown to its owner for another ninety days.</summary>
    public static Task<int> SweepAsync(NpgsqlTransaction tx, DateTimeOffset now, CancellationToken cancellation) =>
        tx.Command("delete from api_keys where expires_at < $1 or revoked_at < $1", now.AddDays(-90)).ExecuteAsync(cancellation);

    private static ApiKey Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        UserId = row.GetGuid(1),
        Name = row.GetString(2),
        Environment = row.GetString(3),
        SecretHash = row.GetFieldValue<byte[]>(4),
        Scopes = row.GetFieldValue<string[]>(5),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(6),
        ExpiresAt = row.GetFieldValue<DateTimeOffset>(7),
        LastUsedAt = row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
        RevokedAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
    };
}
