using System.Net;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Sessions;

namespace Slipway.Sdk.Tests.Sessions;

[Collection(SessionTestGroup.Name)]
public sealed class SignInTests
{
    private readonly SessionScene _scene;
    private readonly TestBrowser _browser;

    public SignInTests(SharedSessionScene shared)
    {
        _scene = shared.Fresh();
        _browser = new TestBrowser(_scene.Service);
    }

    [Fact]
    public async Task A_browser_signs_in_and_never_sees_a_token()
    {
        Assert.False((bool)(await _browser.SessionAsync())["authenticated"]!);

        using var back = await _browser.SignInAsync(_scene.Identity);

        Assert.Equal((HttpStatusCode.Redirect, "/inbox?x=1"), (back.StatusCode, back.Headers.Location!.ToString()));
        var session = await _browser.SessionAsync();
        Assert.True((bool)session["authenticated"]!);
        Assert.Equal(("ada@example.org", "Ada", "customer"), ((string?)session["user"]!["email"], (string?)session["user"]!["name"], (string?)session["user"]!["roles"]![0]));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string?)session["expiresAt"]);
        Assert.Equal("__Host-session", Assert.Single(_browser.Cookies).Key);
        Assert.DoesNotContain("access", session.ToJsonString());
        var row = await _scene.Database.TextAsync("select encode(tokens, 'escape') || profile::text || encode(id, 'escape') from slipway.sessions order by created_at desc limit 1");
        Assert.DoesNotContain("refresh-", row);
        Assert.DoesNotContain(_browser.Cookies["__Host-session"], row);
    }

    [Fact]
    public async Task Registering_is_a_sign_in_that_begins_at_another_screen()
    {
        using var away = await _browser.GetAsync("/session/sign-in?returnTo=/&screen=register");
        var query = QueryHelpers.ParseQuery(away.Headers.Location!.Query);

        Assert.Equal(FakeIdentity.Issuer, away.Headers.Location.GetLeftPart(UriPartial.Authority));
        Assert.Equal(("create", "http://shop.localhost:8080/session/callback", "shop"), ((string?)query["prompt"], (string?)query["redirect_uri"], (string?)query["resource"]));
    }

    [Fact]
    public async Task Two_tabs_may_sign_in_at_once()
    {
        var before = int.Parse(await CountAsync());
        using var one = await _browser.GetAsync("/session/sign-in?returnTo=/one");
        using var two = await _browser.GetAsync("/session/sign-in?returnTo=/two");

        using var backOne = await _browser.GetAsync(new Uri(_scene.Identity.SignIn(one.Headers.Location!)).PathAndQuery);
        using var backTwo = await _browser.GetAsync(new Uri(_scene.Identity.SignIn(two.Headers.Location!)).PathAndQuery);

        Assert.Equal(("/one", "/two"), (backOne.Headers.Location!.ToString(), backTwo.Headers.Location!.ToString()));
        Assert.Equal(before + 1, int.Parse(await CountAsync()));
    }

    [Fact]
    public async Task Somebody_elses_answer_signs_nobody_in()
    {
        using var away = await _browser.GetAsync("/session/sign-in?returnTo=/");
        var answer = new Uri(_scene.Identity.SignIn(away.Headers.Location!)).PathAndQuery;
        var before = await CountAsync();

        using var victim = await new TestBrowser(_scene.Service).GetAsync(answer);

        Assert.Equal(HttpStatusCode.BadRequest, victim.StatusCode);
        Assert.Equal("text/html", victim.Content.Headers.ContentType!.MediaType);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task A_token_for_another_sign_in_is_refused()
    {
        _scene.Identity.WrongNonce = "another";
        using var away = await _browser.GetAsync("/session/sign-in?returnTo=/");
        using var back = await _browser.GetAsync(new Uri(_scene.Identity.SignIn(away.Headers.Location!)).PathAndQuery);

        Assert.Equal(HttpStatusCode.BadRequest, back.StatusCode);
        Assert.False((bool)(await _browser.SessionAsync())["authenticated"]!);
    }

    [Fact]
    public async Task A_code_works_once()
    {
        using var away = await _browser.GetAsync("/session/sign-in?returnTo=/");
        var answer = new Uri(_scene.Identity.SignIn(away.Headers.Location!)).PathAndQuery;
        var replayed = new TestBrowser(_scene.Service);
        foreach (var (name, value) in _browser.Cookies)
        {
            replayed.Cookies[name] = value;
        }

        using var first = await _browser.GetAsync(answer);
        using var second = await replayed.GetAsync(answer);

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.BadRequest), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Somebody_who_changes_their_mind_is_back_where_they_were()
    {
        using var away = await _browser.GetAsync("/session/sign-in?returnTo=/prices");
        var state = QueryHelpers.ParseQuery(away.Headers.Location!.Query)["state"];

        using var back = await _browser.GetAsync($"/session/callback?error=access_denied&state={state}");

        Assert.Equal("/prices", back.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Identity_being_away_is_told_as_a_page_with_a_way_on()
    {
        using var away = await _browser.GetAsync("/session/sign-in?returnTo=/");
        var answer = new Uri(_scene.Identity.SignIn(away.Headers.Location!)).PathAndQuery;
        _scene.Identity.Down = true;

        using var back = await _browser.GetAsync(answer);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, back.StatusCode);
        Assert.Contains("Try again", await back.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/inbox?x=1#y", "/inbox?x=1#y")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/session/sign-out", "/")]
    [InlineData("/a\r\nSet-Cookie: x=1", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void The_way_back_leads_to_this_application_only(string? returnTo, string expected) => Assert.Equal(expected, SignInEndpoint.Local(returnTo));

    [Fact]
    public async Task Signing_out_ends_the_session_everywhere()
    {
        using var back = await _browser.SignInAsync(_scene.Identity);
        var copy = _browser.At(_scene.Service);

        using var refused = await _browser.PostAsync("/session/sign-out", csrf: null);
        using var signedOut = await _browser.PostAsync("/session/sign-out");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, signedOut.StatusCode));
        Assert.Contains("/oauth2/logout?client_id=shop", await signedOut.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_browser.Cookies);
        Assert.False((bool)(await copy.SessionAsync())["authenticated"]!);
        Assert.Contains(_scene.Identity.LastRefreshToken, _scene.Identity.Revoked);
    }

    [Theory]
    [InlineData("seen_at = now() - interval '12 hours 1 minute'")]
    [InlineData("created_at = now() - interval '14 days 1 minute'")]
    public async Task A_session_ends_when_nobody_used_it_or_when_it_is_old(string past)
    {
        using var back = await _browser.SignInAsync(_scene.Identity);
        await _scene.Database.ExecuteAsync($"update slipway.sessions set {past}");

        Assert.False((bool)(await _browser.SessionAsync())["authenticated"]!);
    }

    [Fact]
    public async Task A_used_session_is_kept()
    {
        using var back = await _browser.SignInAsync(_scene.Identity);
        await _scene.Database.ExecuteAsync("update slipway.sessions set seen_at = now() - interval '11 hours'");

        Assert.True((bool)(await _browser.SessionAsync())["authenticated"]!);
        Assert.Equal("True", await _scene.Database.TextAsync("select seen_at > now() - interval '1 minute' from slipway.sessions order by created_at desc limit 1"));
    }

    [Fact]
    public async Task Sessions_outlive_a_restart_but_not_another_key()
    {
        using var back = await _browser.SignInAsync(_scene.Identity);
        await using var restarted = await _scene.AnotherInstanceAsync();
        await using var other = await _scene.AnotherInstanceAsync(("SESSION_KEY", Convert.ToBase64String(new byte[32])));

        Assert.True((bool)(await _browser.At(restarted).SessionAsync())["authenticated"]!);
        Assert.False((bool)(await _browser.At(other).SessionAsync())["authenticated"]!);
    }

    [Fact]
    public void What_the_key_before_a_change_sealed_opens_until_that_key_is_taken_away()
    {
        var (old, fresh) = (new byte[32], Enumerable.Repeat((byte)7, 32).ToArray());
        using var before = new SessionSeal(old);
        using var after = new SessionSeal(fresh, old);
        using var later = new SessionSeal(fresh);
        var one = Encoding.UTF8.GetBytes("one");

        Assert.Equal([1, 2, 3], after.OpenTokens(one, before.SealTokens(one, [1, 2, 3])));
        Assert.Equal([4], after.OpenSignIn("state", before.SealSignIn("state", [4])));
        Assert.True(after.IsCsrfToken("cookie", before.CsrfToken("cookie")));
        Assert.Null(before.OpenTokens(one, after.SealTokens(one, [1, 2, 3])));
        Assert.Null(later.OpenTokens(one, before.SealTokens(one, [1, 2, 3])));
        Assert.False(later.IsCsrfToken("cookie", before.CsrfToken("cookie")));
    }

    private Task<string> CountAsync() => _scene.Database.TextAsync("select count(*) from slipway.sessions");

    [Fact]
    public void Tokens_cannot_be_moved_from_one_session_to_another()
    {
        using var seal = new SessionSeal(new byte[32]);
        var one = Encoding.UTF8.GetBytes("one");
        var @sealed = seal.SealTokens(one, [1, 2, 3]);

        Assert.Equal([1, 2, 3], seal.OpenTokens(one, @sealed));
        Assert.Null(seal.OpenTokens(Encoding.UTF8.GetBytes("two"), @sealed));
        @sealed[^1] ^= 1;
        Assert.Null(seal.OpenTokens(one, @sealed));
    }
}
