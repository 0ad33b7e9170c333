using Slipway.Cli.Telemetry;

namespace Slipway.Cli.Tests.Telemetry;

public sealed class ChartTests
{
    [Fact]
    public void The_highest_value_reaches_the_top_and_the_lowest_stays_at_the_bottom()
    {
        var lines = Chart.Lines([(0, 0), (50, 10), (100, 5)], 0, 100, 11);

        Assert.StartsWith("10 ┤", lines[0], StringComparison.Ordinal);
        Assert.Equal('█', lines[0]["10 ┤".Length + 5]);
        Assert.EndsWith("00:01:40", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_peak_that_shares_its_column_is_not_lost() =>
        Assert.Contains("100 ┤", Chart.Lines([(1, 1), (1.1, 100), (1.2, 1)], 0, 1000, 10)[0], StringComparison.Ordinal);

    [Fact]
    public void What_is_no_number_is_no_column() => Assert.Equal(["(no finite values)"], Chart.Lines([(0, double.NaN), (1, double.PositiveInfinity)], 0, 1, 20));
}
