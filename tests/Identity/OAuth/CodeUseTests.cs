using Slipway.Identity.OAuth;

namespace Slipway.Identity.Tests.OAuth;

public sealed class CodeUseTests
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly IssuedCode s_code = new()
    {
        ClientId = "shop",
        RedirectUri = "https://shop.example/callback",
        Challenge = Pkce.ChallengeOf(Verifier),
        ExpiresAt = s_now + CodeUse.Lifetime,
    };

    private static CodeVerdict Decide(IssuedCode code, DateTimeOffset? at = null, string client = "shop", string? redirect = "https://shop.example/callback", string? verifier = Verifier) =>
        CodeUse.Decide(code, at ?? s_now, client, redirect, verifier);

    [Fact]
    public void A_fresh_code_is_exchanged_once()
    {
        Assert.Equal(CodeVerdict.Exchange, Decide(s_code));
        Assert.Equal(CodeVerdict.Replay, Decide(s_code with { UsedAt = s_now }));
    }

    [Fact]
    public void It_lives_sixty_seconds()
    {
        Assert.Equal(CodeVerdict.Exchange, Decide(s_code, s_now.AddSeconds(59.9)));
        Assert.Equal(CodeVerdict.Refuse, Decide(s_code, s_now.AddSeconds(60)));
    }

    [Fact]
    public void Another_client_address_or_verifier_is_refused_and_ends_nothing_even_when_the_code_was_used()
    {
        foreach (var code in new[] { s_code, s_code with { UsedAt = s_now } })
        {
            Assert.Equal(CodeVerdict.Refuse, Decide(code, client: "other"));
            Assert.Equal(CodeVerdict.Refuse, Decide(code, redirect: "https://shop.example/callback2"));
            Assert.Equal(CodeVerdict.Refuse, Decide(code, redirect: null));
            Assert.Equal(CodeVerdict.Refuse, Decide(code, verifier: Verifier + "x"));
            Assert.Equal(CodeVerdict.Refuse, Decide(code, verifier: null));
        }
    }
}
