using System.Buffers.Text;
using System.Security.Cryptography;
using Npgsql;
using Slipway.Identity.Secrets;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Tokens;

/// <summary>The signing keys in the database; private halves are sealed with the master key.</summary>
internal sealed class SigningKeyStore(Database database, Seal seal, TimeProvider time)
{
    /// <summary>Held while keys are changed, so that instances that look at the same moment make one key and not one each.</summary>
    private const long RotationLock = 0x736c70_6b657973;

    public Task<List<StoredKey>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async (connection, c) =>
            {
                await using var command = connection.Command(
                    "select kid, public_x, public_y, created_at, signs_from, signs_until, published_until, private_sealed from signing_keys order by signs_from");
                return await command.ListAsync(row => new StoredKey(Key(row), row.GetFieldValue<byte[]>(7)), c);
            },
            cancellation);

    /// <summary>The PKCS #8 of a key; null when it was sealed with another master key.</summary>
    public byte[]? Open(StoredKey key) => seal.Open(key.Sealed, Purpose(key.Key.Kid));

    /// <summary>Does what the schedule says is due and returns the key that was made, if one was.</summary>
    public Task<SigningKey?> RotateAsync(KeySchedule schedule, bool force, CancellationToken cancellation) =>
        database.WriteAsync(
            async (transaction, c) =>
            {
                await using var wait = transaction.Command("select pg_advisory_xact_lock($1)", RotationLock);
                await wait.ExecuteNonQueryAsync(c);
                await using var list = transaction.Command(
                    "select kid, public_x, public_y, created_at, signs_from, signs_until, published_until from signing_keys order by signs_from");
                var keys = await list.ListAsync(Key, c);
                if (schedule.Decide(keys, time.GetUtcNow(), force) is not { } change)
                {
                    return null;
                }

                await using var remove = transaction.Command("delete from signing_keys where kid = any($1)", (object)change.Remove.ToArray());
                await remove.ExecuteNonQueryAsync(c);
                return change.NewSignsFrom is { } from ? await AddAsync(transaction, from, schedule, c) : null;
            },
            cancellation);

    private async Task<SigningKey?> AddAsync(NpgsqlTransaction transaction, DateTimeOffset signsFrom, KeySchedule schedule, CancellationToken cancellation)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        var key = new SigningKey(Thumbprint(x, y), x, y, time.GetUtcNow(), signsFrom);
        var pkcs8 = pair.ExportPkcs8PrivateKey();
        var closed = seal.Close(pkcs8, Purpose(key.Kid));
        CryptographicOperations.ZeroMemory(pkcs8);

        await using var retire = transaction.Command(
            "update signing_keys set signs_until = $1, published_until = $2 where signs_until is null", signsFrom, signsFrom + schedule.PublishedAfter);
        await retire.ExecuteNonQueryAsync(cancellation);
        await using var add = transaction.Command(
            "insert into signing_keys (kid, public_x, public_y, private_sealed, created_at, signs_from) values ($1, $2, $3, $4, $5, $6)",
            key.Kid, x, y, closed, key.CreatedAt, signsFrom);
        await add.ExecuteNonQueryAsync(cancellation);
        return key;
    }

    private static string Purpose(string kid) => $"signing key {kid}";

    /// <summary>The key's name is the digest of the key (RFC 7638), so no two keys can share one.</summary>
    private static string Thumbprint(string x, string y)
    {
        var json = $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""";
        return Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(json)));
    }

    private static SigningKey Key(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4))
        {
            SignsUntil = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
            PublishedUntil = row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        };
}

internal sealed record StoredKey(SigningKey Key, byte[] Sealed);
