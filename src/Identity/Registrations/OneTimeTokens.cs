using Npgsql;
using Slipway.Identity.Secrets;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Registrations;

/// <summary>Links in mail that do one thing once: confirm an address, choose a new password.</summary>
internal sealed class OneTimeTokens(TimeProvider time)
{
    public const string VerifyEmail = "verifyEmail";
    public const string ResetPassword = "resetPassword";

    public static readonly Problem Invalid = new(
        410, "linkInvalid", "The link does not work any more", "The link was used before, has expired or is incomplete. Ask for a new one.");

    public async Task<string> IssueAsync(NpgsqlTransaction transaction, string purpose, Guid userId, TimeSpan lifetime, CancellationToken cancellation)
    {
        var token = Opaque.Create();
        var now = time.GetUtcNow();
        await transaction.AtCommitAsync(
            "insert into one_time_tokens (hash, purpose, user_id, created_at, expires_at) values ($1, $2, $3, $4, $5)",
            cancellation,
            Opaque.Hash(token), purpose, userId, now, now + lifetime);
        return token;
    }

    /// <summary>Whose link it is, without using it up; null when it does not work (any more).</summary>
    public Task<Guid?> FindAsync(Database database, string purpose, string token, CancellationToken cancellation) => database.ReadAsync(
        (connection, c) => connection.Command(
            "select user_id from one_time_tokens where hash = $1 and purpose = $2 and used_at is null and expires_at > $3",
            Opaque.Hash(token), purpose, time.GetUtcNow()).OneAsync(row => (Guid?)row.GetGuid(0), c),
        cancellation);

    /// <summary>Whose link it was; null when it does not work (any more). All other links of that purpose stop working with it.</summary>
    public async Task<Guid?> UseAsync(NpgsqlTransaction transaction, string purpose, string? token, CancellationToken cancellation)
    {
        if (!Opaque.IsWellFormed(token))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var owner = await transaction.Command(
            """
            update one_time_tokens set used_at = $3 where hash = $1 and purpose = $2 and used_at is null and expires_at > $3 returning user_id
            """,
            Opaque.Hash(token!), purpose, now).OneAsync(row => (Guid?)row.GetGuid(0), cancellation);
        if (owner is { } id)
        {
            await transaction.Command(
                "update one_time_tokens set used_at = $3 where user_id = $1 and purpose = $2 and used_at is null", id, purpose, now).ExecuteAsync(cancellation);
        }

        return owner;
    }
}
