using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Identity.Accounts;

namespace Slipway.Identity.OAuth;

/// <summary>Tells a client who signed in (OpenID Connect Core, section 2). It opens nothing.</summary>
internal static class IdToken
{
    /// <summary>Named apart from access tokens, so that no service ever takes one for the other.</summary>
    public const string Type = "id+jwt";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static JsonObject Claims(
        Account account, CodeGrant grant, Guid sessionId, string issuer, string accessToken, DateTimeOffset now)
    {
        var claims = new JsonObject
        {
            ["iss"] = issuer,
            ["sub"] = account.Id.ToString(),
            ["aud"] = grant.Code.ClientId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["auth_time"] = grant.AuthenticatedAt.ToUnixTimeSeconds(),
            ["sid"] = sessionId.ToString(),
            ["at_hash"] = HalfHash(accessToken),
            ["amr"] = new JsonArray([.. grant.Methods.Select(method => (JsonNode)method)]),
        };
        if (grant.Nonce is not null)
        {
            claims["nonce"] = grant.Nonce;
        }

        AddPerson(claims, account, grant.Scopes);
        return claims;
    }

    /// <summary>The claims the scopes <c>profile</c> and <c>email</c> stand for; the same here and at the userinfo endpoint.</summary>
    public static void AddPerson(JsonObject claims, Account account, IReadOnlyCollection<string> scopes)
    {
        if (scopes.Contains("profile"))
        {
            Add(claims, "name", account.Name);
            Add(claims, "given_name", account.FirstName);
            Add(claims, "family_name", account.LastName);
            Add(claims, "preferred_username", account.Username);
            Add(claims, "locale", account.Locale);
            claims["updated_at"] = account.UpdatedAt.ToUnixTimeSeconds();
        }

        if (scopes.Contains("email"))
        {
            claims["email"] = account.EmailTyped;
            claims["email_verified"] = account.EmailVerified;
        }
    }

    private static void Add(JsonObject claims, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            claims[name] = value;
        }
    }

    private static string HalfHash(string token) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));
}
