using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Slipway.Gateway.Policies;

/// <summary>
/// Verifies access tokens: ES256 and nothing else, issuer, audience, expiry. A verified token is remembered by its hash
/// until it expires, so that the arithmetic is done once per token and not once per request.
/// </summary>
internal sealed class TokenVerifier(string? issuer, IReadOnlyList<string> audiences, KeySet? keys, TimeProvider time)
{
    private const int CacheMax = 10_000;
    private const int TokenMax = 8 * 1024;

    /// <summary>Clocks of two machines differ by this much without anybody being at fault.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TokenAnswer> _verified = new(StringComparer.Ordinal);

    public bool HasKeys => keys is { Count: > 0 };

    /// <summary>The answer without arithmetic, if this very token was verified before.</summary>
    public TokenAnswer? Known(string token)
    {
        var hash = HashOf(token);
        if (!_verified.TryGetValue(hash, out var answer))
        {
            return null;
        }

        if (time.GetUtcNow() < answer.ExpiresAt + s_skew)
        {
            return answer;
        }

        _verified.TryRemove(hash, out _);
        return new TokenAnswer("The token has expired.", null, answer.ExpiresAt);
    }

    public TokenAnswer Verify(string token)
    {
        var answer = token.Length > TokenMax ? Refused("The token is too long.") : Check(token);
        if (answer.Problem is null)
        {
            if (_verified.Count >= CacheMax)
            {
                Evict();
            }

            _verified[HashOf(token)] = answer;
        }

        return answer;
    }

    private TokenAnswer Check(string token)
    {
        var first = token.IndexOf('.');
        var second = first < 0 ? -1 : token.IndexOf('.', first + 1);
        if (second < 0 || token.IndexOf('.', second + 1) >= 0)
        {
            return Refused("The token is not a JSON Web Token.");
        }

        try
        {
            using var header = Part(token.AsSpan(0, first));
            if (Text(header.RootElement, "alg") != "ES256")
            {
                return Refused("The token is not signed with ES256.");
            }

            if (header.RootElement.TryGetProperty("crit", out _))
            {
                return Refused("The token demands an extension that is not understood.");
            }

            var signature = Base64Url.DecodeFromChars(token.AsSpan(second + 1));
            if (signature.Length != 64 || keys?.Verify(Text(header.RootElement, "kid"), Encoding.ASCII.GetBytes(token[..second]), signature) != true)
            {
                return Refused("The signature of the token is not valid.");
            }

            using var claims = Part(token.AsSpan(first + 1, second - first - 1));
            return CheckClaims(claims.RootElement);
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException or InvalidOperationException or CryptographicException)
        {
            return Refused("The token cannot be read.");
        }
    }

    private TokenAnswer CheckClaims(JsonElement claims)
    {
        var now = time.GetUtcNow();
        if (claims.ValueKind != JsonValueKind.Object || Instant(claims, "exp") is not { } expires)
        {
            return Refused("The token has no expiry.");
        }

        if (now >= expires + s_skew)
        {
            return Refused("The token has expired.");
        }

        if (Instant(claims, "nbf") is { } notBefore && now < notBefore - s_skew)
        {
            return Refused("The token is not valid yet.");
        }

        if (issuer is { Length: > 0 } && Text(claims, "iss") != issuer)
        {
            return Refused("The token was issued by somebody else.");
        }

        if (audiences.Count > 0 && !HasAudience(claims))
        {
            return Refused("The token is meant for another service.");
        }

        return new TokenAnswer(null, Text(claims, "sub"), expires);
    }

    private bool HasAudience(JsonElement claims)
    {
        if (!claims.TryGetProperty("aud", out var audience))
        {
            return false;
        }

        return audience.ValueKind switch
        {
            JsonValueKind.String => audiences.Contains(audience.GetString()!),
            JsonValueKind.Array => audience.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && audiences.Contains(one.GetString()!)),
            _ => false,
        };
    }

    private void Evict()
    {
        var now = time.GetUtcNow();
        foreach (var (hash, answer) in _verified)
        {
            if (answer.ExpiresAt <= now)
            {
                _verified.TryRemove(hash, out _);
            }
        }

        if (_verified.Count >= CacheMax)
        {
            foreach (var hash in _verified.Keys.Take(CacheMax / 2).ToList())
            {
                _verified.TryRemove(hash, out _);
            }
        }
    }

    private static TokenAnswer Refused(string problem) => new(problem, null, default);

    private static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static JsonDocument Part(ReadOnlySpan<char> encoded) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(encoded), new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Instant(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && seconds is > 0 and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}

/// <param name="Problem">Why the token does not count; null when it does.</param>
internal sealed record TokenAnswer(string? Problem, string? Subject, DateTimeOffset ExpiresAt);
