using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Identity.OAuth;

namespace Slipway.Identity.Tests.OAuth;

public sealed class ClientCredentialsTests
{
    private static string Basic(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void A_client_names_itself_in_the_header_or_in_the_form()
    {
        Assert.Equal(new ClientCredentials("shop", "a:b c"), ClientCredentials.Read(Basic("shop:a%3Ab+c"), null, null));
        Assert.Equal(new ClientCredentials("shop", "secret"), ClientCredentials.Read(null, "shop", "secret"));
        Assert.Equal(new ClientCredentials("shop", null), ClientCredentials.Read(null, "shop", null));
    }

    [Fact]
    public void Both_ways_at_once_or_two_names_are_refused()
    {
        Assert.Null(ClientCredentials.Read(Basic("shop:a"), null, "a"));
        Assert.Null(ClientCredentials.Read(Basic("shop:a"), "other", null));
        Assert.Null(ClientCredentials.Read(null, null, "a"));
        Assert.Null(ClientCredentials.Read("Bearer abc", "shop", null));
        Assert.Null(ClientCredentials.Read(Basic("no colon"), null, null));
    }

    [Fact]
    public void No_header_makes_the_reader_throw() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true), Prop.ForAll<string?, string?>((header, id) =>
        {
            _ = ClientCredentials.Read("Basic " + header, id, null);
            _ = ClientCredentials.Read(Basic(header ?? ""), id, null);
        }));

    [Fact]
    public void A_secret_matches_its_own_hash_only()
    {
        var secret = ClientSecret.New();
        Assert.True(ClientSecret.Matches(ClientSecret.Hash(secret), secret));
        Assert.False(ClientSecret.Matches(ClientSecret.Hash(secret), ClientSecret.New()));
        Assert.False(ClientSecret.Matches(ClientSecret.Hash(secret), null));
        Assert.False(ClientSecret.Matches(null, secret));
    }
}
