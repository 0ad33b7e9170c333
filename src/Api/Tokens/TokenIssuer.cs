using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Api.Tokens;

/// <summary>Whose token it is, and until when.</summary>
public sealed record ServiceAccountIdentity(string Namespace, string Name, string Uid, DateTimeOffset ExpiresAt);

/// <summary>
/// Issues and checks the tokens of service accounts: JWTs signed with ES256. The algorithm is pinned, so a token that
/// names another one is wrong whatever its signature says.
/// </summary>
public sealed class TokenIssuer(ECDsa key, string issuer, TimeProvider time)
{
    /// <summary>The audience of tokens that open this API.</summary>
    public const string ApiAudience = "https://kubernetes.default.svc";

    private const int TokenLengthMax = 8 * 1024;

    // One private key object serves all requests, and it does not promise to be safe for several threads at once.
    private readonly Lock _keyLock = new();
    private readonly string _keyId = KeyIdOf(key);

    public string Issuer => issuer;

    /// <summary>What others check our signatures with, as a JSON Web Key Set.</summary>
    public string PublicKeys()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var own = new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["alg"] = "ES256", ["use"] = "sig", ["kid"] = _keyId,
            ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
        };
        return new JsonObject { ["keys"] = new JsonArray(own) }.ToJsonString();
    }

    public string Issue(string @namespace, string name, string uid, IReadOnlyList<string> audiences, DateTimeOffset expiresAt)
    {
        var now = time.GetUtcNow();
        var header = new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = _keyId };
        var claims = new JsonObject
        {
            ["iss"] = issuer,
            ["sub"] = $"system:serviceaccount:{@namespace}:{name}",
            ["aud"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = expiresAt.ToUnixTimeSeconds(),
            ["kubernetes.io"] = new JsonObject
            {
                ["namespace"] = @namespace,
                ["serviceaccount"] = new JsonObject { ["name"] = name, ["uid"] = uid },
            },
        };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        byte[] signature;
        lock (_keyLock)
        {
            signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        }

        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The account behind a token that is ours, for this API and still valid; null for every other text.</summary>
    public ServiceAccountIdentity? Verify(string token)
    {
        var parts = token.Split('.');
        if (token.Length > TokenLengthMax || parts.Length != 3 || !parts.All(part => Base64Url.IsValid(part)))
        {
            return null;
        }

        try
        {
            var signature = Base64Url.DecodeFromChars(parts[2]);
            bool genuine;
            lock (_keyLock)
            {
                genuine = signature.Length == 64
                    && key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256);
            }

            return genuine && Decode(parts[0])?["alg"]?.GetValue<string>() == "ES256" ? ReadClaims(Decode(parts[1])) : null;
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private ServiceAccountIdentity? ReadClaims(JsonObject? claims)
    {
        if (claims?["kubernetes.io"] is not JsonObject origin || origin["serviceaccount"] is not JsonObject account)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(claims["exp"]?.GetValue<long>() ?? 0);
        var validFrom = DateTimeOffset.FromUnixTimeSeconds(claims["nbf"]?.GetValue<long>() ?? 0);
        var meant = claims["aud"] is JsonArray audiences && audiences.Any(audience => audience?.GetValue<string>() == ApiAudience);
        return meant && claims["iss"]?.GetValue<string>() == issuer && validFrom <= now && now < expiresAt
            ? new ServiceAccountIdentity(
                origin["namespace"]?.GetValue<string>() ?? "",
                account["name"]?.GetValue<string>() ?? "",
                account["uid"]?.GetValue<string>() ?? "",
                expiresAt)
            : null;
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static JsonObject? Decode(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part)) as JsonObject;

    private static string KeyIdOf(ECDsa key) =>
        Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 12));
}
