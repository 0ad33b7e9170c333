using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Service;
using Slipway.Sdk.Sessions;

namespace Slipway.Identity.Tests.OAuth;

/// <summary>An application built with the kit signs its browsers in at the real identity service: both sides of the contract at once.</summary>
public sealed class BackendForFrontendTests(TestPostgres postgres, IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private readonly RunningIdentity _identity = world.Identity;

    private async Task<RunningService> AppAsync()
    {
        var database = await postgres.DatabaseAsync();
        var gateway = _identity.Service.Address.GetLeftPart(UriPartial.Authority);
        var environment = new Dictionary<string, string?>(database.Environment)
        {
            ["SLIPWAY_GATEWAY"] = gateway,
            ["SESSION_KEY"] = Convert.ToBase64String(new byte[32]),
        };
        return await RunningService.StartAsync(
            (args, options) =>
            {
                var service = SlipwayService.Create("todo", args, options);
                service.UseDatabase(typeof(RunningService).Assembly);
                service.UseCallers(audience: "todo");
                service.UseBrowserSessions(new Slipway.Sdk.Sessions.SessionOptions { ClientId = "todo", Audience = "todo", Scopes = "openid profile email todo.todos:read" });
                return service;
            },
            app =>
            {
                app.MapBrowserSessions();
                app.MapGet("/api/v1/whoami", (HttpContext http) => Results.Text(http.Caller().Subject)).Requires("todo.todos:read");
            },
            environment,
            world.Time);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string? cookie = null, string? bearer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        if (bearer is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        }

        return await client.SendAsync(request);
    }

    private static string Cookies(HttpResponseMessage response) =>
        string.Join("; ", response.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));

    [Fact]
    public async Task A_browser_goes_from_the_app_to_identity_and_comes_back_signed_in()
    {
        await using var app = await AppAsync();
        var person = await Person.SignedInAsync(_identity, world.Time);

        using var begun = await GetAsync(app.Client, "/session/sign-in?returnTo=/lists");
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        Assert.Equal("identity.localhost", begun.Headers.Location!.Host);
        using var authorised = await person.SendAsync(HttpMethod.Get, begun.Headers.Location.PathAndQuery);
        var callback = authorised.Headers.Location!;
        Assert.StartsWith("http://todo.localhost:8080/session/callback?code=", callback.ToString(), StringComparison.Ordinal);

        using var back = await GetAsync(app.Client, callback.PathAndQuery, Cookies(begun));
        Assert.True(back.StatusCode == HttpStatusCode.Redirect, await back.Content.ReadAsStringAsync());
        Assert.Equal("/lists", back.Headers.Location!.ToString());
        using var session = await GetAsync(app.Client, "/session", Cookies(back));
        var view = await RunningIdentity.JsonAsync(session, HttpStatusCode.OK);
        Assert.True(view["authenticated"]!.GetValue<bool>());
        Assert.Equal(person.Email, view["user"]!["email"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_service_of_the_kit_believes_the_tokens_and_knows_an_id_token_from_an_access_token()
    {
        await using var app = await AppAsync();
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = new Flow(_identity);
        const string Redirect = "http://todo.localhost:8080/session/callback";
        var code = await flow.CodeAsync(person, flow.With(("client_id", "todo"), ("redirect_uri", Redirect), ("scope", "openid todo.todos:read"), ("resource", "todo")));
        using var exchanged = await flow.ExchangeAsync(code, ("client_id", "todo"), ("redirect_uri", Redirect));
        var tokens = await RunningIdentity.JsonAsync(exchanged, HttpStatusCode.OK);

        using var known = await GetAsync(app.Client, "/api/v1/whoami", bearer: tokens["access_token"]!.GetValue<string>());
        Assert.Equal(person.Id.ToString(), await known.Content.ReadAsStringAsync());
        using var mistaken = await GetAsync(app.Client, "/api/v1/whoami", bearer: tokens["id_token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, mistaken.StatusCode);
    }

    [Fact]
    public async Task A_service_of_the_kit_asks_identity_about_api_keys()
    {
        await using var app = await AppAsync();
        var person = await Person.SignedInAsync(_identity, world.Time);
        async Task<string> KeyAsync(string scope) => (await person.JsonAsync(
            HttpStatusCode.Created, HttpMethod.Post, "/api/v1/account/api-keys", new JsonObject { ["name"] = "k", ["scopes"] = new JsonArray(scope) }))["key"]!.GetValue<string>();

        using var right = await GetAsync(app.Client, "/api/v1/whoami", bearer: await KeyAsync("todo.todos:read"));
        Assert.Equal(person.Id.ToString(), await right.Content.ReadAsStringAsync());
        using var narrow = await GetAsync(app.Client, "/api/v1/whoami", bearer: await KeyAsync("todo.lists:read"));
        Assert.Equal(HttpStatusCode.Forbidden, narrow.StatusCode);
        using var wrong = await GetAsync(app.Client, "/api/v1/whoami", bearer: "slp_live_abcdefghijkm_" + new string('a', 51));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }
}
