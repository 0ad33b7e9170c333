using Slipway.Cli.Databases;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Databases;

public sealed class MomentTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("30s", "2026-03-20T11:59:30Z")]
    [InlineData("15m", "2026-03-20T11:45:00Z")]
    [InlineData("2h", "2026-03-20T10:00:00Z")]
    [InlineData("3d", "2026-03-17T12:00:00Z")]
    [InlineData("2026-03-19T08:00:00Z", "2026-03-19T08:00:00Z")]
    [InlineData("2026-03-19T08:00:00+02:00", "2026-03-19T06:00:00Z")]
    public void A_moment_is_an_instant_or_so_long_ago(string text, string moment) =>
        Assert.Equal(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture), ArchiveCommands.MomentOf(text, s_now));

    [Theory]
    [InlineData("yesterday-ish")]
    [InlineData("15x")]
    [InlineData("-3m")]
    [InlineData("")]
    public void Anything_else_is_refused_with_what_would_do(string text) =>
        Assert.Contains("15m", Assert.Throws<CliFailure>(() => ArchiveCommands.MomentOf(text, s_now)).Message, StringComparison.Ordinal);
}
