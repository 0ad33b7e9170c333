using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Doors.Loki;

namespace Slipway.Telemetry.Tests.Loki;

public sealed class SnappyTests
{
    [Fact]
    public void A_copy_that_reaches_into_itself_repeats() =>
        Assert.Equal("ababababab", Encoding.ASCII.GetString(Snappy.Unpack([0x0a, 0x04, (byte)'a', (byte)'b', 0x11, 0x02], 100)!));

    [Theory]
    [InlineData("")]
    [InlineData("0a")]
    [InlineData("0a04616211")]
    [InlineData("0a0461621103")]
    [InlineData("0a0461621100")]
    [InlineData("0204616263")]
    [InlineData("ffffffff0f046162")]
    [InlineData("65f4ffffffff")]
    [InlineData("ffffffffffffffff")]
    public void What_is_no_block_or_too_large_is_nothing(string block) =>
        Assert.Null(Snappy.Unpack(Convert.FromHexString(block), 100));

    [Fact]
    public void What_was_packed_comes_out_again_and_anything_else_does_no_harm() =>
        Prop.ForAll<byte[], PositiveInt>((bytes, times) =>
        {
            var plain = Enumerable.Repeat(bytes, times.Get).SelectMany(part => part).ToArray();
            _ = Snappy.Unpack(bytes, 1_000);
            return Snappy.Unpack(SnappyBlocks.Pack(plain), 1 << 20)!.SequenceEqual(plain);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
}
