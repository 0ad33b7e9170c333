using FsCheck;
using FsCheck.Fluent;
using Slipway.Identity.OAuth;

namespace Slipway.Identity.Tests.OAuth;

public sealed class RedirectUriTests
{
    private static readonly string[] s_registered = ["https://shop.example/session/callback", "http://127.0.0.1/callback", "http://[::1]/callback"];

    [Theory]
    [InlineData("https://shop.example/session/callback")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("http://127.0.0.1:49152/callback")]
    [InlineData("http://[::1]:1/callback")]
    public void What_is_registered_matches_and_a_loopback_port_is_free(string asked) => Assert.True(RedirectUris.Matches(s_registered, asked));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://shop.example/session/callback/")]
    [InlineData("https://shop.example/session/callback?x=1")]
    [InlineData("https://shop.example/session/callback#x")]
    [InlineData("https://shop.example/session/Callback")]
    [InlineData("https://SHOP.example/session/callback")]
    [InlineData("https://shop.example:443/session/callback")]
    [InlineData("https://shop.example.evil.example/session/callback")]
    [InlineData("https://shop.example@evil.example/session/callback")]
    [InlineData("https://shop.example/session/x/../callback")]
    [InlineData("http://shop.example/session/callback")]
    [InlineData("http://127.0.0.1:80@evil.example/callback")]
    [InlineData("http://127.0.0.1:99999/callback")]
    [InlineData("http://127.0.0.1:0/callback")]
    [InlineData("http://127.0.0.1:/callback")]
    [InlineData("http://127.0.0.1:8080/callback/../other")]
    [InlineData("http://127.0.0.1:8080/other")]
    [InlineData("http://127.0.0.1.evil.example:8080/callback")]
    [InlineData("http://127.0.0.2:8080/callback")]
    [InlineData("https://127.0.0.1:8080/callback")]
    [InlineData("http://localhost:8080/callback")]
    [InlineData("http://0x7f.1:8080/callback")]
    [InlineData("http://127.0.0.1:8080/callback\r\nSet-Cookie: a=b")]
    [InlineData("javascript:alert(1)")]
    public void Anything_else_does_not(string? asked) => Assert.False(RedirectUris.Matches(s_registered, asked));

    [Theory]
    [InlineData("https://shop.example/callback", true)]
    [InlineData("http://todo.localhost:8080/session/callback", true)]
    [InlineData("http://127.0.0.1/callback", true)]
    [InlineData("http://shop.example/callback", false)]
    [InlineData("https://shop.example/*", false)]
    [InlineData("https://user@shop.example/", false)]
    [InlineData("https://shop.example/a#b", false)]
    [InlineData("custom:/callback", false)]
    [InlineData("/callback", false)]
    public void Only_sound_addresses_can_be_registered(string address, bool sound) => Assert.Equal(sound, RedirectUris.Mistake(address) is null);

    [Fact]
    public void Nothing_that_is_appended_prepended_or_put_into_the_middle_of_an_address_keeps_it_matching() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true), Prop.ForAll<NonEmptyString, NonNegativeInt>((extra, place) =>
        {
            const string Address = "https://shop.example/session/callback";
            Assert.False(RedirectUris.Matches(s_registered, Address.Insert(place.Get % (Address.Length + 1), extra.Get)));
        }));

    [Fact]
    public void Whatever_matches_a_loopback_address_stays_on_this_machine() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true), Prop.ForAll<string?>(extra =>
        {
            var asked = $"http://127.0.0.1:{extra}/callback";
            Assert.True(!RedirectUris.Matches(s_registered, asked) || new Uri(asked).Host == "127.0.0.1");
        }));
}
