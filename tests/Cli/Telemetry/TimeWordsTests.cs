using Slipway.Cli.Telemetry;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Telemetry;

public sealed class TimeWordsTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("90s", 90)]
    [InlineData("1.5h", 5400)]
    [InlineData("7d", 604_800)]
    public void Times_are_read_as_people_type_them(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), TimeWords.Parse("--since", text));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("h")]
    [InlineData("0s")]
    [InlineData("-1h")]
    [InlineData("1 fortnight")]
    public void What_is_no_time_is_told_with_its_option(string text) =>
        Assert.StartsWith("--since:", Assert.Throws<CliFailure>(() => TimeWords.Parse("--since", text)).Message, StringComparison.Ordinal);
}
