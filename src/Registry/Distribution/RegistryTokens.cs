using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Registry.Distribution;

/// <summary>What a token says: who, until when (Unix seconds) and, per repository, which actions.</summary>
internal sealed record TokenClaims(string Name, long ExpiresAt, IReadOnlyDictionary<string, string> Access);

/// <summary>
/// The short-lived tokens of the registry's own token service: claims and a MAC over them. Nobody else needs to read them, and
/// the key lives as long as the process, so after a restart clients simply ask for a new one.
/// </summary>
internal sealed class RegistryTokens(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const int TokenLengthMax = 16 * 1024;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Issue(string name, IReadOnlyDictionary<string, IReadOnlyList<RegistryAction>> access)
    {
        var claims = new TokenClaims(name, (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds(),
            access.ToDictionary(entry => entry.Key, entry => string.Join(',', entry.Value), StringComparer.Ordinal));
        var payload = JsonSerializer.SerializeToUtf8Bytes(claims, DistributionJson.Default.TokenClaims);
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, payload))}";
    }

    /// <summary>Null when the token is not ours, was altered or has expired.</summary>
    public RegistryCaller? Read(string token)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || token.Length > TokenLengthMax)
        {
            return null;
        }

        byte[] payload, mac;
        try
        {
            payload = Base64Url.DecodeFromChars(token.AsSpan(0, dot));
            mac = Base64Url.DecodeFromChars(token.AsSpan(dot + 1));
        }
        catch (FormatException)
        {
            return null;
        }

        if (!CryptographicOperations.FixedTimeEquals(mac, HMACSHA256.HashData(_key, payload)))
        {
            return null;
        }

        var claims = JsonSerializer.Deserialize(payload, DistributionJson.Default.TokenClaims)!;
        if (claims.ExpiresAt <= time.GetUtcNow().ToUnixTimeSeconds())
        {
            return null;
        }

        return new RegistryCaller(claims.Name, (repository, action) =>
            claims.Access.TryGetValue(repository, out var actions) && actions.Split(',').Contains(action.ToString(), StringComparer.Ordinal));
    }
}
