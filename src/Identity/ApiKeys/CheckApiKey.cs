using System.Text.Json.Nodes;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Limits;

namespace Slipway.Identity.ApiKeys;

/// <summary>
/// <c>POST /api/v1/api-keys/check</c>: another service asks what a key it was shown may do. The answer has the shape of a token's
/// claims. A key carries the scopes it was given and no role: what is for roles is for people.
/// </summary>
internal static class CheckApiKey
{
    public const string Limit = "api-key-check";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/api-keys/check", HandleAsync).WithName("checkApiKey").Accepts<ApiKeyQuestion>("application/json").OpenToAll("The key is the proof.").Limited(Limit);

    private static async Task<IResult> HandleAsync(HttpContext http, ApiKeys keys, ITokenIssuer issuer, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!(await Body.ReadAsync(http.Request, ApiKeyJson.Default.ApiKeyQuestion, bytesMax: 4_096, cancellation)).Is(out var body, out var problem)
            || !(await keys.FindAsync(body.Key, cancellation)).Is(out var found, out problem))
        {
            return problem.ToResult();
        }

        var (key, account) = (found.Key, found.Account);
        var claims = new JsonObject
        {
            ["iss"] = issuer.Issuer,
            ["sub"] = account.Id.ToString(),
            ["userId"] = account.Id.ToString(),
            ["client_id"] = ApiKeys.ClientId(key),
            ["scope"] = string.Join(' ', key.Scopes),
            ["exp"] = key.ExpiresAt.ToUnixTimeSeconds(),
            ["email"] = account.EmailTyped,
            ["email_verified"] = account.EmailVerified,
            ["amr"] = new JsonArray("key"),
        };
        if (account.Name is { } name)
        {
            claims["name"] = name;
        }

        return Results.Text(claims.ToJsonString(), "application/json");
    }
}
