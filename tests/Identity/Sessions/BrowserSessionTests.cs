using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.Sessions;

public sealed class BrowserSessionTests(TimedIdentity shared) : IClassFixture<TimedIdentity>
{
    private const string Origin = "http://identity.localhost:8080";

    private readonly RunningIdentity _identity = shared.Identity;

    [Fact]
    public async Task A_browser_signs_in_is_known_and_signs_out()
    {
        var browser = await SignInAsync();
        var session = await browser.GetAsync("/api/v1/session");
        Assert.True(session["authenticated"]!.GetValue<bool>());
        Assert.Equal("signedIn", session["state"]!.GetValue<string>());
        Assert.Equal(browser.Csrf, session["csrfToken"]!.GetValue<string>());
        Assert.Equal(browser.Email, (await browser.GetAsync("/api/v1/account"))["email"]!.GetValue<string>());

        using var left = await browser.ChangeAsync(HttpMethod.Delete, "/api/v1/session", null);

        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.False((await browser.GetAsync("/api/v1/session"))["authenticated"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_other_sites_and_plain_connections()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        using var response = await _identity.SendAsync(HttpMethod.Post, "/api/v1/session", RunningIdentity.Credentials(email), null, ("Origin", Origin));
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));

        Assert.StartsWith("__Host-identity=", cookie, StringComparison.Ordinal);
        Assert.Contains("; path=/", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Changes_by_cookie_need_the_token_of_the_session_and_our_own_origin()
    {
        var browser = await SignInAsync();
        var stranger = await SignInAsync();
        var body = new JsonObject { ["firstName"] = "Eve" };
        foreach (var headers in new (string, string)[][]
        {
            [],
            [("Origin", Origin)],
            [("X-Csrf-Token", browser.Csrf)],
            [("Origin", "http://evil.localhost:8080"), ("X-Csrf-Token", browser.Csrf)],
            [("Origin", "null"), ("X-Csrf-Token", browser.Csrf)],
            [("Origin", Origin), ("X-Csrf-Token", stranger.Csrf)],
            [("Origin", Origin), ("X-Csrf-Token", "")],
        })
        {
            using var refused = await _identity.SendAsync(HttpMethod.Patch, "/api/v1/account", body, null, [("Cookie", browser.Cookie), ("If-Match", "*"), .. headers]);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        using var done = await browser.ChangeAsync(HttpMethod.Patch, "/api/v1/account", body, ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
    }

    [Fact]
    public async Task Another_sites_page_cannot_sign_the_browser_in()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        using var refused = await _identity.SendAsync(HttpMethod.Post, "/api/v1/session", RunningIdentity.Credentials(email), null, ("Origin", "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Signing_in_again_replaces_the_cookie_and_ends_the_session_before()
    {
        var browser = await SignInAsync();
        using var again = await _identity.SendAsync(
            HttpMethod.Post, "/api/v1/session", RunningIdentity.Credentials(browser.Email), null, ("Cookie", browser.Cookie), ("Origin", Origin));
        var next = Browser.Of(_identity, browser.Email, again, await RunningIdentity.JsonAsync(again, HttpStatusCode.OK));

        Assert.NotEqual(browser.Cookie, next.Cookie);
        Assert.False((await browser.GetAsync("/api/v1/session"))["authenticated"]!.GetValue<bool>());
        Assert.True((await next.GetAsync("/api/v1/session"))["authenticated"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_session_is_over_after_twelve_idle_hours_and_after_fourteen_days()
    {
        var idle = await SignInAsync();
        shared.Clock.Advance(TimeSpan.FromHours(12) + TimeSpan.FromMinutes(1));
        Assert.False((await idle.GetAsync("/api/v1/session"))["authenticated"]!.GetValue<bool>());

        var busy = await SignInAsync();
        for (var half = 0; half < 2 * 14 - 1; half++)
        {
            shared.Clock.Advance(TimeSpan.FromHours(11.9));
            Assert.True((await busy.GetAsync("/api/v1/session"))["authenticated"]!.GetValue<bool>());
        }

        shared.Clock.Advance(TimeSpan.FromHours(11.9));
        shared.Clock.Advance(TimeSpan.FromHours(6));
        Assert.False((await busy.GetAsync("/api/v1/session"))["authenticated"]!.GetValue<bool>());
    }

    [Fact]
    public async Task One_sees_where_one_is_signed_in_and_signs_out_there()
    {
        var browser = await SignInAsync();
        var elsewhere = await _identity.SignInAsync(browser.Email);
        var sessions = (await browser.GetAsync("/api/v1/account/sessions"))["items"]!.AsArray();
        Assert.Equal(3, sessions.Count);
        Assert.Equal("browser", Assert.Single(sessions, session => session!["current"]!.GetValue<bool>())!["kind"]!.GetValue<string>());

        var id = Jwt.Read(elsewhere["token"]!.GetValue<string>()).Claims["sid"]!.GetValue<string>();
        using var revoked = await browser.ChangeAsync(HttpMethod.Delete, $"/api/v1/account/sessions/{id}", null);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var again = await browser.ChangeAsync(HttpMethod.Delete, $"/api/v1/account/sessions/{id}", null);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        await _identity.JsonAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/auth/me", bearer: elsewhere["token"]!.GetValue<string>());
    }

    [Fact]
    public async Task Other_peoples_sessions_and_accounts_stay_out_of_reach()
    {
        var ada = await SignInAsync();
        var eve = await SignInAsync();
        var adasSession = (await ada.GetAsync("/api/v1/account/sessions"))["items"]!.AsArray().Single(session => session!["current"]!.GetValue<bool>())!["id"]!.GetValue<string>();

        using var refused = await eve.ChangeAsync(HttpMethod.Delete, $"/api/v1/account/sessions/{adasSession}", null);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        using var unknown = await eve.ChangeAsync(HttpMethod.Delete, $"/api/v1/account/sessions/{Guid.NewGuid()}", null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.DoesNotContain(adasSession, (await eve.GetAsync("/api/v1/account/sessions")).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(eve.Email, (await eve.GetAsync("/api/v1/account"))["email"]!.GetValue<string>());
        Assert.True((await ada.GetAsync("/api/v1/session"))["authenticated"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("__Host-identity=")]
    [InlineData("__Host-identity=short")]
    [InlineData("__Host-identity=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("identity=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Made_up_cookies_are_nobody(string cookie)
    {
        var session = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/session", headers: ("Cookie", cookie));
        Assert.False(session["authenticated"]!.GetValue<bool>());
        await _identity.JsonAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/api/v1/account", headers: ("Cookie", cookie));
    }

    private async Task<Browser> SignInAsync()
    {
        var email = RunningIdentity.NewEmail();
        await _identity.RegisterAsync(email);
        using var response = await _identity.SendAsync(HttpMethod.Post, "/api/v1/session", RunningIdentity.Credentials(email), null, ("Origin", Origin));
        return Browser.Of(_identity, email, response, await RunningIdentity.JsonAsync(response, HttpStatusCode.OK));
    }

    private sealed record Browser(RunningIdentity Identity, string Email, string Cookie, string Csrf)
    {
        public static Browser Of(RunningIdentity identity, string email, HttpResponseMessage response, JsonObject answer) =>
            new(identity, email, response.Headers.GetValues("Set-Cookie").Single().Split(';')[0], answer["csrfToken"]!.GetValue<string>());

        public Task<JsonObject> GetAsync(string path) => Identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, path, headers: ("Cookie", Cookie));

        public Task<HttpResponseMessage> ChangeAsync(HttpMethod method, string path, JsonObject? body, params (string, string)[] headers) =>
            Identity.SendAsync(method, path, body, null, [("Cookie", Cookie), ("Origin", Origin), ("X-Csrf-Token", Csrf), .. headers]);
    }
}
