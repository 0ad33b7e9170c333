using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.TwoFactor;

/// <summary>The second factor of one account as it is kept.</summary>
internal sealed record SecondFactorRow(byte[] SecretSealed, bool Confirmed, long? LastStep, FailedTries Tries);

internal sealed record ChallengeRow(Guid Id, Guid UserId, string ClientId, int TriesLeft, DateTimeOffset ExpiresAt);

internal static class TwoFactorStore
{
    /// <summary>Locked until the transaction ends: the same code shown twice at one moment is accepted once.</summary>
    public static Task<SecondFactorRow?> TakeAsync(NpgsqlTransaction tx, Guid userId, CancellationToken cancellation) => tx.Command(
        "select secret_sealed, confirmed_at is not null, last_step, failed_tries, failed_since from two_factor where user_id = $1 for update", userId)
        .OneAsync(
            row => new SecondFactorRow(
                row.GetFieldValue<byte[]>(0), row.GetBoolean(1), row.OrNull<long>(2), new FailedTries(row.GetInt32(3), row.OrNull<DateTimeOffset>(4))),
            cancellation);

    public static async Task BeginAsync(NpgsqlTransaction tx, Guid userId, byte[] secretSealed, DateTimeOffset now, CancellationToken cancellation)
    {
        await tx.Command(
            """
            insert into two_factor (user_id, secret_sealed, created_at) values ($1, $2, $3)
            on conflict (user_id) do update set secret_sealed = $2, created_at = $3, confirmed_at = null, last_step = null
            """, userId, secretSealed, now).ExecuteAsync(cancellation);
    }

    public static Task ConfirmAsync(NpgsqlTransaction tx, Guid userId, long step, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        "update two_factor set confirmed_at = coalesce(confirmed_at, $2), last_step = $3, failed_tries = 0, failed_since = null where user_id = $1",
        userId, now, step).ExecuteAsync(cancellation);

    public static Task SucceededAsync(NpgsqlTransaction tx, Guid userId, CancellationToken cancellation) => tx.Command(
        "update two_factor set failed_tries = 0, failed_since = null where user_id = $1", userId).ExecuteAsync(cancellation);

    public static Task FailedAsync(NpgsqlTransaction tx, Guid userId, FailedTries tries, CancellationToken cancellation) => tx.Command(
        "update two_factor set failed_tries = $2, failed_since = $3 where user_id = $1", userId, tries.Count, tries.Since).ExecuteAsync(cancellation);

    public static Task<int> RemoveAsync(NpgsqlTransaction tx, Guid userId, CancellationToken cancellation) =>
        tx.Command("delete from two_factor where user_id = $1", userId).ExecuteAsync(cancellation);

    public static async Task ReplaceRecoveryCodesAsync(
        NpgsqlTransaction tx, Guid userId, IReadOnlyList<string> codes, DateTimeOffset now, CancellationToken cancellation)
    {
        await tx.Command("delete from recovery_codes where user_id = $1", userId).ExecuteAsync(cancellation);
        var hashes = codes.Select(code => RecoveryCodes.Hash(userId, RecoveryCodes.Normalise(code)!)).ToArray();
        await tx.Command("insert into recovery_codes (user_id, code_hash, created_at) select $1, hash, $3 from unnest($2) as hash", userId, hashes, now)
            .ExecuteAsync(cancellation);
    }

    public static async Task<bool> UseRecoveryCodeAsync(NpgsqlTransaction tx, Guid userId, string normalised, DateTimeOffset now, CancellationToken cancellation) =>
        await tx.Command(
            "update recovery_codes set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null",
            userId, RecoveryCodes.Hash(userId, normalised), now).ExecuteAsync(cancellation) == 1;

    public static async Task<int> RecoveryCodesLeftAsync(NpgsqlConnection connection, Guid userId, CancellationToken cancellation) =>
        (int)await connection.Command("select count(*) from recovery_codes where user_id = $1 and used_at is null", userId)
            .OneAsync(row => row.GetInt64(0), cancellation);

    /// <summary>Only the newest few challenges of an account stay, so that nobody fills the table with right passwords.</summary>
    public static async Task AddChallengeAsync(NpgsqlTransaction tx, ChallengeRow challenge, DateTimeOffset now, CancellationToken cancellation)
    {
        const int Kept = 10;
        await tx.Command(
            "insert into two_factor_challenges (id, user_id, client_id, tries_left, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
            challenge.Id, challenge.UserId, challenge.ClientId, challenge.TriesLeft, now, challenge.ExpiresAt).ExecuteAsync(cancellation);
        await tx.Command(
            """
            delete from two_factor_challenges where user_id = $1 and id not in
                (select id from two_factor_challenges where user_id = $1 order by created_at desc, id limit $2)
            """, challenge.UserId, Kept).ExecuteAsync(cancellation);
    }

    public static Task<ChallengeRow?> TakeChallengeAsync(NpgsqlTransaction tx, Guid id, CancellationToken cancellation) => tx.Command(
        "select id, user_id, client_id, tries_left, expires_at from two_factor_challenges where id = $1 for update", id)
        .OneAsync(
            row => new ChallengeRow(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetInt32(3), row.GetFieldValue<DateTimeOffset>(4)), cancellation);

    public static Task MissedAsync(NpgsqlTransaction tx, Guid id, CancellationToken cancellation) =>
        tx.Command("update two_factor_challenges set tries_left = tries_left - 1 where id = $1", id).ExecuteAsync(cancellation);

    public static Task SpendAsync(NpgsqlTransaction tx, Guid id, CancellationToken cancellation) =>
        tx.Command("delete from two_factor_challenges where id = $1", id).ExecuteAsync(cancellation);

    public static Task<int> SweepAsync(NpgsqlTransaction tx, DateTimeOffset now, CancellationToken cancellation) =>
        tx.Command("delete from two_factor_challenges where expires_at < $1", now).ExecuteAsync(cancellation);
}
