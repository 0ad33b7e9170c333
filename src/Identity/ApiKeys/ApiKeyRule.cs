using System.Security.Cryptography;

namespace Slipway.Identity.ApiKeys;

/// <summary>A key as it is kept.</summary>
internal sealed record ApiKey
{
    public required string Id { get; init; }

    public required Guid UserId { get; init; }

    public required string Name { get; init; }

    public required string Environment { get; init; }

    public required byte[] SecretHash { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>Whether a shown key opens the door. One answer for all refusals: a caller must not learn which part was right.</summary>
internal static class ApiKeyRule
{
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(366);

    public static readonly TimeSpan LifetimeOtherwise = TimeSpan.FromDays(90);

    /// <summary>Last use is written at most this often; a key that is used a thousand times a second costs no thousand writes.</summary>
    public static readonly TimeSpan UseGrain = TimeSpan.FromMinutes(1);

    public const int PerUserMax = 50;

    public static bool Opens(ApiKey key, ApiKeyText shown, string environment, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(key.SecretHash, shown.Hash())
        && shown.Environment == environment
        && key.Environment == environment
        && key.RevokedAt is null
        && now < key.ExpiresAt;

    public static bool IsUseWorthWriting(ApiKey key, DateTimeOffset now) => key.LastUsedAt is not { } last || now - last >= UseGrain;
}
