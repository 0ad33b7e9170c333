using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Primitives;
using Slipway.Identity.OAuth;

namespace Slipway.Identity.Tests.OAuth;

public sealed class AuthorizeReaderTests
{
    private const string Redirect = "https://shop.example/session/callback";

    private static readonly Client s_client = new()
    {
        Id = "shop",
        Name = "Shop",
        RedirectUris = [Redirect],
        Scopes = ["retail.*", "todo.todos:read"],
    };

    private static Dictionary<string, StringValues> Good() => new(StringComparer.Ordinal)
    {
        ["response_type"] = "code",
        ["client_id"] = "shop",
        ["redirect_uri"] = Redirect,
        ["scope"] = "openid retail.orders:read",
        ["state"] = "s-1",
        ["nonce"] = "n-1",
        ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ["code_challenge_method"] = "S256",
    };

    [Fact]
    public void A_request_that_keeps_all_rules_is_read_whole()
    {
        var request = Assert.IsType<AuthorizeReading.Good>(AuthorizeReader.Read(Good(), s_client)).Request;

        Assert.Equal(["openid", "retail.orders:read"], request.Scopes);
        Assert.Equal(["retail"], request.Audiences);
        Assert.Equal(("s-1", "n-1"), (request.State, request.Nonce));
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", null, "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("scope", "openid slipway.services:admin", "invalid_scope")]
    [InlineData("scope", "openid  profile", "invalid_scope")]
    [InlineData("scope", null, "invalid_scope")]
    [InlineData("scope", "retail.*evil", "invalid_scope")]
    [InlineData("prompt", "sometimes", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("resource", "titanic", "invalid_target")]
    public void A_mistake_is_told_to_the_client_with_its_state(string name, string? value, string error)
    {
        var parameters = Good();
        parameters[name] = value;

        var refusal = Assert.IsType<AuthorizeReading.ForClient>(AuthorizeReader.Read(parameters, s_client));

        Assert.Equal((error, Redirect, "s-1"), (refusal.Error, refusal.RedirectUri, refusal.State));
    }

    [Fact]
    public void A_parameter_given_twice_is_refused()
    {
        var parameters = Good();
        parameters["scope"] = new StringValues(["openid", "retail.orders:read"]);

        Assert.Equal("invalid_request", Assert.IsType<AuthorizeReading.ForClient>(AuthorizeReader.Read(parameters, s_client)).Error);
    }

    [Fact]
    public void An_unknown_client_or_address_is_told_to_the_person_and_nobody_is_sent_anywhere()
    {
        Assert.Equal("unknownClient", Assert.IsType<AuthorizeReading.ForPerson>(AuthorizeReader.Read(Good(), null)).Code);
        Assert.Equal("unknownClient", Assert.IsType<AuthorizeReading.ForPerson>(AuthorizeReader.Read(Good(), s_client with { Active = false })).Code);

        var elsewhere = Good();
        elsewhere["redirect_uri"] = "https://evil.example/";
        Assert.Equal("redirectNotRegistered", Assert.IsType<AuthorizeReading.ForPerson>(AuthorizeReader.Read(elsewhere, s_client)).Code);

        var twice = Good();
        twice["redirect_uri"] = new StringValues([Redirect, "https://evil.example/"]);
        Assert.IsType<AuthorizeReading.ForPerson>(AuthorizeReader.Read(twice, s_client));
    }

    [Fact]
    public void Whatever_a_stranger_sends_nobody_is_redirected_to_an_address_that_is_not_registered() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true), Prop.ForAll<NonNegativeInt, string?, string?>((which, one, other) =>
        {
            var parameters = Good();
            var names = parameters.Keys.Append("prompt").Append("max_age").Append("resource").Append("response_mode").ToArray();
            parameters[names[which.Get % names.Length]] = one;
            parameters[names[(which.Get / names.Length) % names.Length]] = new StringValues([other]);

            switch (AuthorizeReader.Read(parameters, s_client))
            {
                case AuthorizeReading.Good good:
                    Assert.Equal(Redirect, good.Request.RedirectUri);
                    Assert.All(good.Request.Scopes, scope => Assert.True(ScopeSet.OpenIdScopes.Contains(scope) || ScopeSet.Covers(s_client.Scopes, scope)));
                    break;
                case AuthorizeReading.ForClient refusal:
                    Assert.Equal(Redirect, refusal.RedirectUri);
                    break;
            }
        }));
}
