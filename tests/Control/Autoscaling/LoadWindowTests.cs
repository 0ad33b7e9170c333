using Slipway.Control.Autoscaling.Kpa;

namespace Slipway.Control.Tests.Autoscaling;

public sealed class LoadWindowTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_stable = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_panic = TimeSpan.FromSeconds(6);

    [Fact]
    public void Nothing_written_has_no_average() => Assert.Null(new LoadWindow(s_stable).AverageAt(s_noon, s_stable));

    [Fact]
    public void The_first_seconds_are_averaged_over_what_has_passed()
    {
        var window = new LoadWindow(s_stable);
        Fill(window, 0, 10, 100);
        Assert.Equal(100, window.AverageAt(s_noon.AddSeconds(10), s_stable));
    }

    [Fact]
    public void The_short_window_sees_the_rush_that_the_long_one_dilutes()
    {
        var window = new LoadWindow(s_stable);
        Fill(window, 0, 54, 10);
        Fill(window, 54, 60, 100);
        Assert.Equal(19, window.AverageAt(s_noon.AddSeconds(60), s_stable));
        Assert.Equal(100, window.AverageAt(s_noon.AddSeconds(60), s_panic));
    }

    [Fact]
    public void What_is_older_than_the_window_counts_no_more()
    {
        var window = new LoadWindow(s_stable);
        Fill(window, 0, 60, 500);
        Fill(window, 60, 120, 20);
        Assert.Equal(20, window.AverageAt(s_noon.AddSeconds(120), s_stable));
    }

    [Fact]
    public void Silence_for_longer_than_the_window_is_no_data()
    {
        var window = new LoadWindow(s_stable);
        Fill(window, 0, 10, 100);
        Assert.Equal(100, window.AverageAt(s_noon.AddSeconds(60), s_stable));
        Assert.Null(window.AverageAt(s_noon.AddSeconds(71), s_stable));
        Assert.Null(window.AverageAt(s_noon.AddSeconds(20), s_panic));
    }

    [Fact]
    public void A_late_reading_covers_the_seconds_it_speaks_of()
    {
        var window = new LoadWindow(s_stable);
        Fill(window, 0, 3, 40);
        window.Record(s_noon.AddSeconds(3), s_noon.AddSeconds(9.5), 40);
        Assert.Equal(40, window.AverageAt(s_noon.AddSeconds(9.5), s_stable));
        Assert.Equal(40, window.AverageAt(s_noon.AddSeconds(9.5), s_panic));
    }

    [Fact]
    public void A_reading_longer_than_the_window_leaves_only_its_end()
    {
        var window = new LoadWindow(s_stable);
        window.Record(s_noon, s_noon.AddHours(1), 7);
        Assert.Equal(7, window.AverageAt(s_noon.AddHours(1), s_stable));
    }

    [Fact]
    public void A_clock_that_goes_back_changes_nothing()
    {
        var window = new LoadWindow(s_stable);
        Fill(window, 100, 110, 5);
        window.Record(s_noon, s_noon.AddSeconds(1), 1000);
        window.Record(s_noon.AddSeconds(20), s_noon.AddSeconds(10), 1000);
        Assert.Equal(5, window.AverageAt(s_noon.AddSeconds(110), s_stable));
    }

    [Theory]
    [InlineData(60, 0.2)]
    [InlineData(6, 0.785)]
    public void The_smoothing_of_the_weighted_average_follows_the_window(int buckets, double expected) =>
        Assert.Equal(expected, LoadWindow.SmoothingOf(buckets), 3);

    [Fact]
    public void A_weighted_average_leans_to_the_newest_second()
    {
        var window = new LoadWindow(s_panic);
        Fill(window, 0, 5, 10);
        Fill(window, 5, 6, 100);
        var weighted = window.WeightedAverageAt(s_noon.AddSeconds(6), s_panic);
        Assert.InRange(weighted!.Value, 80, 81);
        Assert.Equal(25, window.AverageAt(s_noon.AddSeconds(6), s_panic));
    }

    private static void Fill(LoadWindow window, int from, int to, double value)
    {
        for (var second = from; second < to; second++)
        {
            window.Record(s_noon.AddSeconds(second), s_noon.AddSeconds(second + 1), value);
        }
    }
}
