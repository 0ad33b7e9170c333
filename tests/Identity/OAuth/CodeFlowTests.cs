using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tests.OAuth;

public sealed class CodeFlowTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private readonly RunningIdentity _identity = world.Identity;

    private Flow NewFlow() => new(_identity);

    [Fact]
    public async Task A_signed_in_person_gets_a_code_and_the_client_tokens_for_it()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = NewFlow();
        var location = await flow.AuthorizeAsync(person);
        Assert.StartsWith(Flow.Redirect + "?", location.ToString(), StringComparison.Ordinal);
        Assert.Equal("state-1", Flow.Parameter(location, "state"));
        Assert.Equal("http://identity.localhost:8080", Flow.Parameter(location, "iss"));

        using var response = await flow.ExchangeAsync(Flow.Parameter(location, "code")!);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var tokens = await RunningIdentity.JsonAsync(response, HttpStatusCode.OK);
        Assert.Equal(("Bearer", 600), (tokens["token_type"]!.GetValue<string>(), tokens["expires_in"]!.GetValue<int>()));
        Assert.Equal("openid profile email retail.orders:read", tokens["scope"]!.GetValue<string>());

        var access = tokens["access_token"]!.GetValue<string>();
        Assert.Equal("at+jwt", Flow.Header(access)["typ"]!.GetValue<string>());
        var claims = Flow.Claims(access);
        Assert.Equal("retail", claims["aud"]!.GetValue<string>());
        Assert.Equal((person.Id.ToString(), "shop", person.Email), (claims["sub"]!.GetValue<string>(), claims["client_id"]!.GetValue<string>(), claims["email"]!.GetValue<string>()));
        Assert.Equal(600, claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>());

        var idToken = tokens["id_token"]!.GetValue<string>();
        var about = Flow.Claims(idToken);
        Assert.Equal("ES256", Flow.Header(idToken)["alg"]!.GetValue<string>());
        Assert.Equal(("shop", "nonce-1", person.Id.ToString()), (about["aud"]!.GetValue<string>(), about["nonce"]!.GetValue<string>(), about["sub"]!.GetValue<string>()));
        Assert.Equal(person.Email, about["email"]!.GetValue<string>());
        Assert.Equal("pwd", about["amr"]![0]!.GetValue<string>());

        var info = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/oauth2/userinfo", null, access);
        Assert.Equal((person.Id.ToString(), person.Email), (info["sub"]!.GetValue<string>(), info["email"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_id_token_opens_nothing()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var tokens = await NewFlow().TokensAsync(person);

        using var response = await _identity.SendAsync(HttpMethod.Get, "/oauth2/userinfo", null, tokens["id_token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task An_access_token_of_an_app_does_not_open_the_account()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var tokens = await NewFlow().TokensAsync(person);

        using var response = await _identity.SendAsync(HttpMethod.Get, "/api/v1/account", null, tokens["access_token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Nobody_signed_in_is_sent_to_the_sign_in_page_and_back()
    {
        var location = await NewFlow().AuthorizeAsync(null);
        Assert.Equal("/sign-in", location.AbsolutePath);
        var resume = Flow.Parameter(location, "continue")!;
        Assert.StartsWith("/oauth2/authorize?", resume, StringComparison.Ordinal);

        var person = await Person.SignedInAsync(_identity, world.Time);
        using var again = await person.SendAsync(HttpMethod.Get, resume);
        Assert.StartsWith(Flow.Redirect + "?code=", again.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompts_and_ages_are_kept()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = NewFlow();
        Assert.Equal("login_required", Flow.Parameter(await flow.AuthorizeAsync(null, flow.With(("prompt", "none"))), "error"));
        Assert.NotNull(Flow.Parameter(await flow.AuthorizeAsync(person, flow.With(("prompt", "none"))), "code"));
        Assert.Equal("/register", (await flow.AuthorizeAsync(null, flow.With(("prompt", "create")))).AbsolutePath);
        Assert.Equal("/sign-in", (await flow.AuthorizeAsync(person, flow.With(("prompt", "login")))).AbsolutePath);
        Assert.NotNull(Flow.Parameter(await flow.AuthorizeAsync(person, flow.With(("max_age", "300"))), "code"));
        world.Time.Leap(TimeSpan.FromMinutes(6));
        Assert.Equal("/sign-in", (await flow.AuthorizeAsync(person, flow.With(("max_age", "300")))).AbsolutePath);
    }

    [Fact]
    public async Task A_wrong_verifier_address_or_client_gets_nothing_and_spoils_nothing()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = NewFlow();
        var code = await flow.CodeAsync(person);

        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.ExchangeAsync(code, ("code_verifier", flow.Verifier + "x"))));
        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.ExchangeAsync(code, ("code_verifier", null))));
        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.ExchangeAsync(code, ("redirect_uri", Flow.Redirect + "/"))));
        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.ExchangeAsync(code, ("client_id", "todo"))));
        Assert.Equal("invalid_client", await Flow.ErrorAsync(await flow.ExchangeAsync(code, ("client_id", "nobody")), HttpStatusCode.Unauthorized));

        using var right = await flow.ExchangeAsync(code);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_code_shown_twice_ends_what_it_gave_the_first_time()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = NewFlow();
        var code = await flow.CodeAsync(person);
        using var first = await flow.ExchangeAsync(code);
        var tokens = await RunningIdentity.JsonAsync(first, HttpStatusCode.OK);

        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.ExchangeAsync(code)));

        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.RefreshAsync(tokens["refresh_token"]!.GetValue<string>())));
    }

    [Fact]
    public async Task Of_two_exchanges_at_one_moment_one_succeeds_at_most()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = NewFlow();
        var code = await flow.CodeAsync(person);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => flow.ExchangeAsync(code)));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task A_code_ends_after_a_minute_and_with_the_sign_in_it_came_from()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = NewFlow();
        var ended = await flow.CodeAsync(person);
        using var signedOut = await person.SendAsync(HttpMethod.Delete, "/api/v1/session");
        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.ExchangeAsync(ended)));

        await person.SignInAsync();
        var late = await flow.CodeAsync(person);
        world.Time.Leap(TimeSpan.FromSeconds(61));
        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.ExchangeAsync(late)));
    }

    [Fact]
    public async Task Refresh_tokens_turn_over_and_an_old_one_ends_the_family()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = NewFlow();
        var first = (await flow.TokensAsync(person))["refresh_token"]!.GetValue<string>();

        var second = await NextAsync(flow, first);
        Assert.Equal(second, await NextAsync(flow, first));

        var third = await NextAsync(flow, second);
        world.Time.Leap(TimeSpan.FromSeconds(31));
        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.RefreshAsync(first)));
        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.RefreshAsync(third)));
    }

    [Fact]
    public async Task A_refresh_token_belongs_to_its_client_and_ends_when_revoked_or_signed_out()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = NewFlow();
        var token = (await flow.TokensAsync(person))["refresh_token"]!.GetValue<string>();
        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.RefreshAsync(token, "todo")));

        using var foreign = await flow.TokenAsync(new() { ["token"] = token, ["client_id"] = "todo" }, path: "/oauth2/revoke");
        Assert.Equal(HttpStatusCode.OK, foreign.StatusCode);
        var next = await NextAsync(flow, token);
        using var own = await flow.TokenAsync(new() { ["token"] = next, ["client_id"] = "shop" }, path: "/oauth2/revoke");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.RefreshAsync(next)));

        var other = (await flow.TokensAsync(person))["refresh_token"]!.GetValue<string>();
        using var signOut = await person.SendAsync(HttpMethod.Get, "/oauth2/logout?client_id=shop&post_logout_redirect_uri=http%3A%2F%2Fshop.localhost%3A8080%2F&state=x");
        Assert.Equal("http://shop.localhost:8080/?state=x", signOut.Headers.Location!.ToString());
        Assert.Equal("invalid_grant", await Flow.ErrorAsync(await flow.RefreshAsync(other)));
    }

    [Fact]
    public async Task Signing_out_to_a_foreign_address_only_asks()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        using var response = await person.SendAsync(HttpMethod.Get, "/oauth2/logout?client_id=shop&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F");

        Assert.StartsWith("/account", response.Headers.Location!.ToString(), StringComparison.Ordinal);
        await person.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, "/api/v1/account");
    }

    [Fact]
    public async Task Powers_somebody_lacks_are_left_out_of_their_tokens()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = NewFlow();
        using var response = await flow.ExchangeAsync(await flow.CodeAsync(person, flow.With(("scope", "retail.orders:read retail.payments:refund retail.products:admin"))));

        Assert.Equal("retail.orders:read", (await RunningIdentity.JsonAsync(response, HttpStatusCode.OK))["scope"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_administrator_sets_up_a_second_factor_before_any_client_gets_anything()
    {
        var person = await Person.RegisterAsync(_identity, world.Time);
        await _identity.Database.ExecuteAsync($"update users set role = 'admin', security_version = security_version + 1 where id = '{person.Id}'");
        Assert.Equal("enrolTwoFactor", await person.SignInAsync());
        var flow = NewFlow();
        Assert.Equal("/account/two-factor", (await flow.AuthorizeAsync(person)).AbsolutePath);

        await person.EnrolAsync();
        await person.SignInAsync();
        var claims = Flow.Claims((await flow.TokensAsync(person))["access_token"]!.GetValue<string>());
        Assert.Equal("admin", claims["role"]!.GetValue<string>());
        Assert.Equal(["pwd", "otp"], claims["amr"]!.AsArray().Select(method => method!.GetValue<string>()));
    }

    [Fact]
    public async Task A_stranger_or_a_foreign_address_is_told_to_the_person()
    {
        var flow = NewFlow();
        foreach (var query in new[] { flow.With(("client_id", "nobody")), flow.With(("redirect_uri", "https://evil.example/")), flow.With(("client_id", "a\0b")) })
        {
            var problem = await _identity.JsonAsync(HttpStatusCode.BadRequest, HttpMethod.Get, Flow.Address(query));
            Assert.Contains(problem["code"]!.GetValue<string>(), (string[])["unknownClient", "redirectNotRegistered"]);
        }
    }

    [Fact]
    public async Task The_command_line_returns_to_any_port_of_its_own_machine()
    {
        var person = await Person.SignedInAsync(_identity, world.Time);
        var flow = NewFlow();
        var location = await flow.AuthorizeAsync(person, flow.With(("client_id", "slipway-cli"), ("redirect_uri", "http://127.0.0.1:54321/callback"), ("scope", "openid slipway.services:read")));
        Assert.Equal(54321, location.Port);
    }

    [Fact]
    public async Task Discovery_tells_where_everything_is()
    {
        foreach (var path in new[] { "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server" })
        {
            var document = await _identity.JsonAsync(HttpStatusCode.OK, HttpMethod.Get, path);
            Assert.Equal("http://identity.localhost:8080", document["issuer"]!.GetValue<string>());
            Assert.Equal("S256", document["code_challenge_methods_supported"]![0]!.GetValue<string>());
            using var keys = await _identity.SendAsync(HttpMethod.Get, new Uri(document["jwks_uri"]!.GetValue<string>()).AbsolutePath);
            Assert.Equal(HttpStatusCode.OK, keys.StatusCode);
        }
    }

    private static async Task<string> NextAsync(Flow flow, string token)
    {
        using var response = await flow.RefreshAsync(token);
        return (await RunningIdentity.JsonAsync(response, HttpStatusCode.OK))["refresh_token"]!.GetValue<string>();
    }
}
