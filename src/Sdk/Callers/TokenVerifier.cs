using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Callers;

/// <summary>
/// Verifies access tokens: ES256 and nothing else, whatever the token says of itself. The order is fixed: shape, header,
/// key, signature, then claims, so nothing unsigned is believed.
/// </summary>
public sealed class TokenVerifier(IKeySource keys, TokenRules rules, TimeProvider time)
{
    private const string Algorithm = "ES256";

    private readonly VerifiedTokens _verified = new();

    public async ValueTask<Outcome<Caller>> VerifyAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > TokenParts.CharactersMax)
        {
            return Refused("The token is too long.");
        }

        var now = time.GetUtcNow();
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_verified.Find(hash, now) is { } known)
        {
            return known;
        }

        if (TokenParts.Of(token) is not { } parts)
        {
            return Refused("The token is not a signed token in compact form.");
        }

        if (TokenClaims.Text(parts.Header, "alg") != Algorithm)
        {
            return Refused($"The token must be signed with {Algorithm}.");
        }

        if (parts.Header.TryGetProperty("crit", out _))
        {
            return Refused("The token demands extensions that are not known here.");
        }

        if (!IsAccessToken(TokenClaims.Text(parts.Header, "typ")))
        {
            return Refused("The token is not an access token.");
        }

        if (TokenClaims.Text(parts.Header, "kid") is not { Length: > 0 and <= 200 } kid)
        {
            return Refused("The token does not name its key.");
        }

        var set = await keys.KeysAsync(kid, cancellation);
        if (!set.Knows(kid))
        {
            return Refused("The token's key is not known.");
        }

        if (!set.Verify(kid, parts.Signed, parts.Signature))
        {
            return Refused("The token's signature is wrong.");
        }

        return Judge(parts, hash, now);
    }

    private Outcome<Caller> Judge(TokenParts parts, string hash, DateTimeOffset now)
    {
        var claims = parts.Claims;
        if (TokenClaims.Text(claims, "iss") != rules.Issuer)
        {
            return Refused("The token comes from another issuer.");
        }

        if (!TokenClaims.Texts(claims, "aud").Contains(rules.Audience))
        {
            return Refused("The token is meant for another service.");
        }

        if (string.IsNullOrEmpty(TokenClaims.Text(claims, "sub")))
        {
            return Refused("The token has no subject.");
        }

        if (TokenClaims.Instant(claims, "exp") is not { } expires)
        {
            return Refused("The token does not say when it expires.");
        }

        if (expires + rules.Skew <= now)
        {
            return Refused("The token has expired.");
        }

        if (claims.TryGetProperty("nbf", out _) && !(TokenClaims.Instant(claims, "nbf") - rules.Skew <= now))
        {
            return Refused("The token is not valid yet.");
        }

        var caller = TokenClaims.ToCaller(claims);
        var until = now + rules.RememberedAtMost;
        _verified.Remember(hash, caller, until < expires ? until : expires);
        return caller;
    }

    private static bool IsAccessToken(string? type)
    {
        const string Prefix = "application/";
        var name = type is not null && type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? type[Prefix.Length..] : type;
        return "at+jwt".Equals(name, StringComparison.OrdinalIgnoreCase) || "JWT".Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    private static Problem Refused(string why) => Problem.Unauthenticated(why) with
    {
        Code = "invalidToken",
        Headers = [new("WWW-Authenticate", $"Bearer error=\"invalid_token\", error_description=\"{why}\"")],
    };
}
