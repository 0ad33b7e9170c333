using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Passkeys;

/// <summary>Passkeys and open challenges as rows.</summary>
internal static class PasskeyRows
{
    private const string Columns =
        "credential_id, public_key, created_at, sign_count, transports, user_verified, backup_eligible, backed_up, attestation_object, client_data_json, name";

    private const string ViewColumns = "credential_id, name, created_at, last_used_at, backed_up";

    private const int SweptAtOnce = 100;

    public static Task<List<UserPasskeyInfo>> OfAsync(NpgsqlConnection connection, Guid userId, CancellationToken cancellation) =>
        connection.Command($"select {Columns} from passkeys where user_id = $1 order by created_at, credential_id", userId).ListAsync(Read, cancellation);

    /// <summary>As its owner sees them, without keys.</summary>
    public static Task<List<PasskeyView>> ViewsAsync(NpgsqlConnection connection, Guid userId, CancellationToken cancellation) =>
        connection.Command($"select {ViewColumns} from passkeys where user_id = $1 order by created_at, credential_id", userId).ListAsync(View, cancellation);

    public static Task<PasskeyView?> RenameAsync(NpgsqlTransaction tx, Guid userId, byte[] credentialId, string name, CancellationToken cancellation) =>
        tx.Command($"update passkeys set name = $3 where credential_id = $1 and user_id = $2 returning {ViewColumns}", credentialId, userId, name).OneAsync(View, cancellation);

    public static Task<Guid?> OwnerAsync(NpgsqlConnection connection, byte[] credentialId, CancellationToken cancellation) =>
        connection.Command("select user_id from passkeys where credential_id = $1", credentialId).OneAsync(row => (Guid?)row.GetGuid(0), cancellation);

    public static Task<int> AddAsync(NpgsqlTransaction tx, Guid userId, UserPasskeyInfo passkey, string name, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        """
        insert into passkeys (credential_id, user_id, public_key, name, created_at, sign_count, transports, user_verified, backup_eligible, backed_up, attestation_object, client_data_json)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing
        """,
        passkey.CredentialId, userId, passkey.PublicKey, name, now, (long)passkey.SignCount, passkey.Transports ?? [], passkey.IsUserVerified,
        passkey.IsBackupEligible, passkey.IsBackedUp, passkey.AttestationObject, passkey.ClientDataJson).ExecuteAsync(cancellation);

    /// <summary>The counter only grows: of two answers at one moment with the same count, one is a copy's.</summary>
    public static Task<int> UsedAsync(NpgsqlTransaction tx, UserPasskeyInfo passkey, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        """
        update passkeys set sign_count = $2, user_verified = $3, backed_up = $4, last_used_at = $5
        where credential_id = $1 and (sign_count < $2 or (sign_count = 0 and $2 = 0))
        """,
        passkey.CredentialId, (long)passkey.SignCount, passkey.IsUserVerified, passkey.IsBackedUp, now).ExecuteAsync(cancellation);

    public static Task<int> RemoveAsync(NpgsqlTransaction tx, Guid userId, byte[] credentialId, CancellationToken cancellation) =>
        tx.Command("delete from passkeys where credential_id = $1 and user_id = $2", credentialId, userId).ExecuteAsync(cancellation);

    public static async Task AskAsync(NpgsqlTransaction tx, Guid id, Guid? userId, string state, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        await tx.Command("insert into passkey_challenges (id, user_id, state, expires_at) values ($1, $2, $3, $4)", id, userId, state, expiresAt).ExecuteAsync(cancellation);
        await tx.Command(
            $"delete from passkey_challenges where id in (select id from passkey_challenges where expires_at < $1 limit {SweptAtOnce} for update skip locked)", now).ExecuteAsync(cancellation);
    }

    /// <summary>The state of a challenge, which is gone with this.</summary>
    public static Task<string?> TakeAsync(NpgsqlTransaction tx, Guid id, Guid? userId, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        "delete from passkey_challenges where id = $1 and user_id is not distinct from $2 and expires_at > $3 returning state", id, userId, now)
        .OneAsync(row => row.GetString(0), cancellation);

    private static PasskeyView View(NpgsqlDataReader row) => new(
        Base64Url.EncodeToString(row.GetFieldValue<byte[]>(0)), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.OrNull<DateTimeOffset>(3), row.GetBoolean(4));

    private static UserPasskeyInfo Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<byte[]>(0),
        row.GetFieldValue<byte[]>(1),
        row.GetFieldValue<DateTimeOffset>(2),
        checked((uint)row.GetInt64(3)),
        row.GetFieldValue<string[]>(4),
        row.GetBoolean(5),
        row.GetBoolean(6),
        row.GetBoolean(7),
        row.GetFieldValue<byte[]>(8),
        row.GetFieldValue<byte[]>(9))
    {
        Name = row.GetString(10),
    };
}
