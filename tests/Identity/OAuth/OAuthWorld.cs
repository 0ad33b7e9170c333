using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Slipway.Identity.OAuth;

namespace Slipway.Identity.Tests.OAuth;

/// <summary>A client going through the code flow, step by step, so that a test can go wrong at any of them.</summary>
internal sealed class Flow(RunningIdentity identity)
{
    public const string Redirect = "http://shop.localhost:8080/session/callback";

    public string Verifier { get; } = Base64Url.EncodeToString(Guid.NewGuid().ToByteArray()) + new string('v', 30);

    public Dictionary<string, string?> Query => new()
    {
        ["response_type"] = "code",
        ["client_id"] = "shop",
        ["redirect_uri"] = Redirect,
        ["scope"] = "openid profile email retail.orders:read",
        ["state"] = "state-1",
        ["nonce"] = "nonce-1",
        ["code_challenge"] = Pkce.ChallengeOf(Verifier),
        ["code_challenge_method"] = "S256",
    };

    public Dictionary<string, string?> With(params (string Name, string? Value)[] changes)
    {
        var query = Query;
        foreach (var (name, value) in changes)
        {
            query[name] = value;
        }

        return query;
    }

    public static string Address(Dictionary<string, string?> query) => QueryHelpers.AddQueryString("/oauth2/authorize", query);

    /// <summary>Where the browser is sent.</summary>
    public async Task<Uri> AuthorizeAsync(Person? person, Dictionary<string, string?>? query = null)
    {
        var address = Address(query ?? Query);
        using var response = person is null ? await identity.SendAsync(HttpMethod.Get, address) : await person.SendAsync(HttpMethod.Get, address);
        Assert.True(response.StatusCode == HttpStatusCode.Redirect, await response.Content.ReadAsStringAsync());
        return new Uri(identity.Service.Address, response.Headers.Location!);
    }

    public async Task<string> CodeAsync(Person person, Dictionary<string, string?>? query = null) =>
        Parameter(await AuthorizeAsync(person, query), "code") ?? throw new InvalidOperationException("No code came.");

    public static string? Parameter(Uri location, string name) =>
        QueryHelpers.ParseQuery(location.Query).TryGetValue(name, out var values) ? values.ToString() : null;

    public Task<HttpResponseMessage> ExchangeAsync(string code, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["client_id"] = "shop",
            ["redirect_uri"] = Redirect,
            ["code_verifier"] = Verifier,
        };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }

        return TokenAsync(form);
    }

    public Task<HttpResponseMessage> RefreshAsync(string? token, string client = "shop") =>
        TokenAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = token, ["client_id"] = client });

    public async Task<HttpResponseMessage> TokenAsync(Dictionary<string, string?> form, (string Id, string Secret)? basic = null, string path = "/oauth2/token")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.Where(pair => pair.Value is not null).Select(pair => new KeyValuePair<string, string>(pair.Key, pair.Value!))),
        };
        if (basic is var (id, secret))
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        }

        return await identity.Client.SendAsync(request);
    }

    public async Task<JsonObject> TokensAsync(Person person)
    {
        using var response = await ExchangeAsync(await CodeAsync(person));
        return await RunningIdentity.JsonAsync(response, HttpStatusCode.OK);
    }

    public static async Task<string> ErrorAsync(HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.BadRequest)
    {
        using (response)
        {
            return (await RunningIdentity.JsonAsync(response, expected))["error"]!.GetValue<string>();
        }
    }

    public static JsonObject Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    public static JsonObject Header(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[0]))!.AsObject();
}
