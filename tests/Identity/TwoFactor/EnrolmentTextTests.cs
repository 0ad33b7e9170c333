using System.Buffers.Binary;
using Slipway.Identity.TwoFactor;

namespace Slipway.Identity.Tests.TwoFactor;

public sealed class EnrolmentTextTests
{
    [Fact]
    public void The_address_names_issuer_account_and_algorithm_and_escapes_them()
    {
        var url = OtpAuthUrl.For("Slip way", "a+b@example.com", "GEZDGNBVGY3TQOJQ");

        Assert.Equal(
            "otpauth://totp/Slip%20way:a%2Bb%40example.com?secret=GEZDGNBVGY3TQOJQ&issuer=Slip%20way&algorithm=SHA1&digits=6&period=30",
            url);
    }

    [Fact]
    public void The_picture_is_a_square_png_in_an_address_of_its_own()
    {
        const string Prefix = "data:image/png;base64,";
        var url = QrCode.PngDataUrl(OtpAuthUrl.For("Slipway", "a@example.com", Base32.Encode(Totp.NewSecret())));

        Assert.StartsWith(Prefix, url, StringComparison.Ordinal);
        var png = Convert.FromBase64String(url[Prefix.Length..]);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal(BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    [Fact]
    public void Recovery_codes_are_ten_different_ones_and_forgive_how_they_are_typed()
    {
        var codes = RecoveryCodes.New();
        var user = Guid.NewGuid();

        Assert.Equal(10, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$", code));
        var normal = RecoveryCodes.Normalise(codes[0])!;
        Assert.Equal(normal, RecoveryCodes.Normalise(" " + codes[0].ToLowerInvariant().Replace('-', ' ')));
        Assert.Equal(RecoveryCodes.Hash(user, normal), RecoveryCodes.Hash(user, normal));
        Assert.NotEqual(RecoveryCodes.Hash(user, normal), RecoveryCodes.Hash(Guid.NewGuid(), normal));
        Assert.Null(RecoveryCodes.Normalise(codes[0][1..]));
        Assert.Null(RecoveryCodes.Normalise("0" + codes[0][1..]));
        Assert.Null(RecoveryCodes.Normalise(null));
    }

    [Theory]
    [InlineData(false, false, false, SecondFactorNeed.None)]
    [InlineData(false, true, false, SecondFactorNeed.Prove)]
    [InlineData(false, true, true, SecondFactorNeed.None)]
    [InlineData(true, false, false, SecondFactorNeed.Enrol)]
    [InlineData(true, false, true, SecondFactorNeed.Enrol)]
    [InlineData(true, true, false, SecondFactorNeed.Prove)]
    [InlineData(true, true, true, SecondFactorNeed.None)]
    internal void A_second_factor_is_optional_for_users_and_mandatory_for_admins(bool admin, bool enrolled, bool proven, SecondFactorNeed need) =>
        Assert.Equal(need, SecondFactorRule.Decide(admin, enrolled, proven));

    [Fact]
    public void A_proof_of_identity_is_fresh_for_five_minutes()
    {
        var now = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.True(StepUp.IsFresh(now.AddMinutes(-5), now));
        Assert.False(StepUp.IsFresh(now.AddMinutes(-5).AddSeconds(-1), now));
    }
}
