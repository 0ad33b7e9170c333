using Slipway.Cli.Telemetry;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Telemetry;

public sealed class SilenceMatcherTests
{
    [Theory]
    [InlineData("service=orders", "service=\"orders\"")]
    [InlineData("alertname=~\"High.*\"", "alertname=~\"High.*\"")]
    [InlineData("severity!=info", "severity!=\"info\"")]
    [InlineData("team!~a|b", "team!~\"a|b\"")]
    [InlineData("note=a=b", "note=\"a=b\"")]
    public void Conditions_are_read_as_people_type_them(string text, string read) => Assert.Equal(read, SilenceMatcher.Parse(text).ToString());

    [Theory]
    [InlineData("orders")]
    [InlineData("=orders")]
    [InlineData("service!orders")]
    public void What_is_no_condition_is_told_how_to_write_one(string text) =>
        Assert.Contains("LABEL=VALUE", Assert.Throws<CliFailure>(() => SilenceMatcher.Parse(text)).Message, StringComparison.Ordinal);
}
