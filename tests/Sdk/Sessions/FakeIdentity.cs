using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Slipway.Sdk.Tests.Sessions;

/// <summary>
/// A small OAuth server with the rules that matter to a client: codes work once and only with their verifier, refresh tokens
/// work once. Its tokens are not signed; nobody here verifies them.
/// </summary>
internal sealed class FakeIdentity
{
    public const string Issuer = "http://identity.localhost:8080";

    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string RedirectUri)> _codes = new();
    private readonly ConcurrentDictionary<string, bool> _refreshTokens = new();
    private int _tokens;
    private int _refreshes;

    public int Lifetime { get; set; } = 600;

    public int Refreshes => _refreshes;

    public string LastRefreshToken => $"refresh-{_tokens}";

    /// <summary>Refuses this client instead of its token.</summary>
    public bool Confused { get; set; }

    public bool Down { get; set; }

    /// <summary>Overrides the nonce in the next id token.</summary>
    public string? WrongNonce { get; set; }

    public ConcurrentBag<string> Revoked { get; } = [];

    /// <summary>What a person at the sign-in page would end with: the address the browser is sent back to.</summary>
    public string SignIn(Uri authorize)
    {
        var query = QueryHelpers.ParseQuery(authorize.Query);
        Assert.Equal(("code", "S256", "shop"), ((string?)query["response_type"], (string?)query["code_challenge_method"], (string?)query["client_id"]));
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (query["code_challenge"]!, query["nonce"]!, query["redirect_uri"]!);
        return QueryHelpers.AddQueryString(query["redirect_uri"]!, new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"], ["iss"] = Issuer });
    }

    public async Task AnswerAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        if (Down)
        {
            http.Response.StatusCode = 503;
            return;
        }

        switch (http.Request.Path.Value)
        {
            case "/oauth2/token":
                var answer = Confused ? new JsonObject { ["error"] = "invalid_client" } : form["grant_type"] == "authorization_code" ? Exchange(form) : Refresh(form);
                http.Response.StatusCode = answer.ContainsKey("error") ? 400 : 200;
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(answer.ToJsonString());
                break;
            case "/oauth2/revoke":
                Revoked.Add(form["token"].ToString());
                break;
            default:
                http.Response.StatusCode = 404;
                break;
        }
    }

    public void EndEverySignIn() => _refreshTokens.Clear();

    private JsonObject Exchange(IFormCollection form)
    {
        var verifier = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        return _codes.TryRemove(form["code"].ToString(), out var code) && code.Challenge == verifier && code.RedirectUri == form["redirect_uri"]
            ? Tokens(code.Nonce)
            : new JsonObject { ["error"] = "invalid_grant" };
    }

    private JsonObject Refresh(IFormCollection form)
    {
        Interlocked.Increment(ref _refreshes);
        return _refreshTokens.TryRemove(form["refresh_token"].ToString(), out _) ? Tokens(null) : new JsonObject { ["error"] = "invalid_grant" };
    }

    private JsonObject Tokens(string? nonce)
    {
        var number = Interlocked.Increment(ref _tokens);
        var refresh = $"refresh-{number}";
        _refreshTokens[refresh] = true;
        var answer = new JsonObject
        {
            ["access_token"] = Token(new JsonObject { ["sub"] = "0198f2c4-7d10-7a55-9c1e-2b6f0a9d4e11", ["roles"] = new JsonArray("customer"), ["jti"] = $"access-{number}" }),
            ["token_type"] = "Bearer",
            ["expires_in"] = Lifetime,
            ["refresh_token"] = refresh,
            ["scope"] = "openid",
        };
        if (nonce is not null)
        {
            answer["id_token"] = Token(new JsonObject
            {
                ["iss"] = Issuer,
                ["sub"] = "0198f2c4-7d10-7a55-9c1e-2b6f0a9d4e11",
                ["aud"] = "shop",
                ["exp"] = TimeProvider.System.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds(),
                ["nonce"] = WrongNonce ?? nonce,
                ["email"] = "ada@example.org",
                ["name"] = "Ada",
            });
        }

        return answer;
    }

    private static string Token(JsonObject claims) =>
        $"{Part("""{"alg":"ES256","typ":"at+jwt","kid":"k"}""")}.{Part(claims.ToJsonString())}.{Part("no signature")}";

    private static string Part(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
