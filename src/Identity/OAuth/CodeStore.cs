using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.OAuth;

/// <summary>Everything a code stands for.</summary>
internal sealed record CodeGrant
{
    public required IssuedCode Code { get; init; }

    public required Guid UserId { get; init; }

    public Guid? SessionId { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required IReadOnlyList<string> Audiences { get; init; }

    public string? Nonce { get; init; }

    public required IReadOnlyList<string> Methods { get; init; }

    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>The account's as it was when the code was made; a password changed since ends the code.</summary>
    public required long SecurityVersion { get; init; }

    /// <summary>What the exchange gave out, so that a second use of the code can end it.</summary>
    public Guid? GrantId { get; init; }
}

internal static class CodeStore
{
    private const int CodeBytes = 32;

    public static string NewCode() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes));

    public static Task AddAsync(NpgsqlTransaction tx, string code, CodeGrant grant, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        """
        insert into authorization_codes (code_hash, client_id, user_id, session_id, redirect_uri, scopes, audiences, challenge, nonce, methods, authenticated_at, issued_at, expires_at, security_version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        Hash(code), grant.Code.ClientId, grant.UserId, grant.SessionId, grant.Code.RedirectUri, grant.Scopes.ToArray(), grant.Audiences.ToArray(),
        grant.Code.Challenge, grant.Nonce, grant.Methods.ToArray(), grant.AuthenticatedAt, now, grant.Code.ExpiresAt, grant.SecurityVersion).ExecuteAsync(cancellation);

    /// <summary>The row is locked: of two exchanges at the same moment, one sees that the other has used the code.</summary>
    public static Task<CodeGrant?> TakeAsync(NpgsqlTransaction tx, string code, CancellationToken cancellation) => tx.Command(
        """
        select client_id, redirect_uri, challenge, expires_at, used_at, user_id, session_id, scopes, audiences, nonce, methods, authenticated_at, grant_id, security_version
        from authorization_codes where code_hash = $1 for update
        """, Hash(code)).OneAsync(Read, cancellation);

    public static Task UsedAsync(NpgsqlTransaction tx, string code, Guid? grantId, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        "update authorization_codes set used_at = $2, grant_id = $3 where code_hash = $1", Hash(code), now, grantId).ExecuteAsync(cancellation);

    /// <summary>Codes are kept a day past their end, so that a replay is still recognised as one.</summary>
    public static Task<int> SweepAsync(NpgsqlTransaction tx, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        "delete from authorization_codes where expires_at < $1", now.AddDays(-1)).ExecuteAsync(cancellation);

    private static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));

    private static CodeGrant Read(NpgsqlDataReader row) => new()
    {
        Code = new IssuedCode
        {
            ClientId = row.GetString(0),
            RedirectUri = row.GetString(1),
            Challenge = row.GetString(2),
            ExpiresAt = row.GetFieldValue<DateTimeOffset>(3),
            UsedAt = row.OrNull<DateTimeOffset>(4),
        },
        UserId = row.GetGuid(5),
        SessionId = row.OrNull<Guid>(6),
        Scopes = row.GetFieldValue<string[]>(7),
        Audiences = row.GetFieldValue<string[]>(8),
        Nonce = row.TextOrNull(9),
        Methods = row.GetFieldValue<string[]>(10),
        AuthenticatedAt = row.GetFieldValue<DateTimeOffset>(11),
        GrantId = row.OrNull<Guid>(12),
        SecurityVersion = row.GetInt64(13),
    };
}
