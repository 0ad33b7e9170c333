using System.Text.Json.Nodes;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Callers;

namespace Slipway.Identity.OAuth;

/// <summary>Tells clients where everything is and what is spoken (OpenID Connect Discovery, RFC 8414).</summary>
internal static class Discovery
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/.well-known/openid-configuration", Handle).WithName("openIdConfiguration").OpenToAll("Public by nature.");
        app.MapGet("/.well-known/oauth-authorization-server", Handle).WithName("authorizationServer").OpenToAll("Public by nature.");
    }

    private static IResult Handle(HttpContext http, ITokenIssuer issuer)
    {
        http.Response.Headers.CacheControl = "public, max-age=3600";
        http.Response.Headers.AccessControlAllowOrigin = "*";
        return Results.Text(Document(issuer.Issuer).ToJsonString(), "application/json");
    }

    internal static JsonObject Document(string issuer) => new()
    {
        ["issuer"] = issuer,
        ["authorization_endpoint"] = issuer + AuthorizeEndpoint.Path,
        ["token_endpoint"] = issuer + TokenEndpoint.Path,
        ["revocation_endpoint"] = issuer + RevokeEndpoint.Path,
        ["userinfo_endpoint"] = issuer + UserInfoEndpoint.Path,
        ["end_session_endpoint"] = issuer + SignOutEndpoint.Path,
        ["jwks_uri"] = issuer + "/oauth2/jwks",
        ["response_types_supported"] = List("code"),
        ["response_modes_supported"] = List("query"),
        ["grant_types_supported"] = List(Grant.AuthorizationCode, Grant.RefreshToken, Grant.ClientCredentials),
        ["code_challenge_methods_supported"] = List(Pkce.Method),
        ["token_endpoint_auth_methods_supported"] = List("none", "client_secret_basic", "client_secret_post"),
        ["revocation_endpoint_auth_methods_supported"] = List("none", "client_secret_basic", "client_secret_post"),
        ["subject_types_supported"] = List("public"),
        ["id_token_signing_alg_values_supported"] = List("ES256"),
        ["scopes_supported"] = List([.. ScopeSet.OpenIdScopes]),
        ["prompt_values_supported"] = List("none", "login", "consent", "select_account", "create"),
        ["claims_supported"] = List(
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "amr", "sid", "name", "given_name", "family_name", "preferred_username",
            "locale", "updated_at", "email", "email_verified"),
        ["authorization_response_iss_parameter_supported"] = true,
        ["request_parameter_supported"] = false,
        ["request_uri_parameter_supported"] = false,
    };

    private static JsonArray List(params ReadOnlySpan<string> values)
    {
        var list = new JsonArray();
        foreach (var value in values)
        {
            list.Add((JsonNode)value);
        }

        return list;
    }
}
