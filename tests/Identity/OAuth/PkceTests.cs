using FsCheck;
using FsCheck.Fluent;
using Slipway.Identity.OAuth;

namespace Slipway.Identity.Tests.OAuth;

public sealed class PkceTests
{
    // The example of RFC 7636, appendix B.
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Fact]
    public void The_verifier_of_the_standard_matches_its_challenge()
    {
        Assert.True(Pkce.IsChallenge(Challenge));
        Assert.Equal(Challenge, Pkce.ChallengeOf(Verifier));
        Assert.True(Pkce.Matches(Challenge, Verifier));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Challenge)]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk=")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\n")]
    public void Another_verifier_does_not_match(string? verifier) => Assert.False(Pkce.Matches(Challenge, verifier));

    [Theory]
    [InlineData(null)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")]
    [InlineData(" 9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    public void What_is_no_sha_256_in_base64url_is_no_challenge(string? challenge) => Assert.False(Pkce.IsChallenge(challenge));

    [Fact]
    public void Only_the_text_a_challenge_was_made_from_ever_matches_it() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true), Prop.ForAll<string?, string?>((one, other) =>
        {
            var verifier = ("a" + string.Concat((one ?? "").Where(char.IsAsciiLetterOrDigit))).PadRight(43, '~')[..43];
            Assert.True(Pkce.Matches(Pkce.ChallengeOf(verifier), verifier));
            Assert.Equal(verifier == other, Pkce.Matches(Pkce.ChallengeOf(verifier), other));
        }));
}
