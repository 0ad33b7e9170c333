using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Identity.TwoFactor;

namespace Slipway.Identity.Tests.TwoFactor;

public sealed class TotpTests
{
    private static readonly byte[] s_secret = Encoding.ASCII.GetBytes("12345678901234567890");
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_893_456_000);

    // RFC 6238, appendix B, the SHA-1 rows: eight digits, of which an app shows the last six.
    [Theory]
    [InlineData(59, 94287082)]
    [InlineData(1111111109, 07081804)]
    [InlineData(1111111111, 14050471)]
    [InlineData(1234567890, 89005924)]
    [InlineData(2000000000, 69279037)]
    [InlineData(20000000000, 65353130)]
    public void The_vectors_of_the_standard_come_out(long seconds, int code)
    {
        var step = Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds));
        Assert.Equal(code, Totp.Hotp(s_secret, step, 100_000_000));
        Assert.Equal((code % 1_000_000).ToString("D6", null), Totp.Code(s_secret, step));
    }

    [Fact]
    public void A_code_is_good_one_step_early_and_one_step_late()
    {
        var step = Totp.StepAt(s_now);
        var code = Totp.Code(s_secret, step);

        Assert.Equal(step, Totp.Match(s_secret, code, s_now, null));
        Assert.Equal(step, Totp.Match(s_secret, code, s_now.AddSeconds(30), null));
        Assert.Equal(step, Totp.Match(s_secret, code, s_now.AddSeconds(-30), null));
        Assert.Null(Totp.Match(s_secret, code, s_now.AddSeconds(60), null));
        Assert.Null(Totp.Match(s_secret, code, s_now.AddSeconds(-31), null));
    }

    [Fact]
    public void A_code_works_once_and_ends_the_ones_before_it()
    {
        var step = Totp.StepAt(s_now);

        Assert.Null(Totp.Match(s_secret, Totp.Code(s_secret, step), s_now, step));
        Assert.Null(Totp.Match(s_secret, Totp.Code(s_secret, step - 1), s_now, step));
        Assert.Equal(step + 1, Totp.Match(s_secret, Totp.Code(s_secret, step + 1), s_now, step));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12 456")]
    [InlineData("１２３４５６")]
    public void What_is_not_six_digits_is_no_code(string? code) => Assert.Null(Totp.Match(s_secret, code, s_now, null));

    [Fact]
    public void No_text_but_one_of_three_codes_matches() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true), Prop.ForAll<string?, NonNegativeInt>((text, number) =>
        {
            var step = Totp.StepAt(s_now);
            var good = new[] { step - 1, step, step + 1 }.Select(at => Totp.Code(s_secret, at)).ToArray();
            foreach (var code in new[] { text, (number.Get % 1_000_000).ToString("D6", null) })
            {
                Assert.Equal(good.Contains(code), Totp.Match(s_secret, code, s_now, null) is not null);
            }
        }));

    // RFC 4648, section 10.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_follows_its_standard(string plain, string encoded)
    {
        Assert.Equal(encoded, Base32.Encode(Encoding.ASCII.GetBytes(plain)));
        Assert.Equal(Encoding.ASCII.GetBytes(plain), Base32.Decode(encoded.ToLowerInvariant()));
    }

    [Fact]
    public void Base32_gives_back_what_went_in() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true), Prop.ForAll<byte[]>(bytes =>
            Assert.Equal(bytes, Base32.Decode(Base32.Encode(bytes)))));
}
