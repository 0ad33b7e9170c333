using Slipway.Control.Metering;

namespace Slipway.Control.Tests.Metering;

public sealed class SampleBufferTests
{
    private static readonly DateTimeOffset s_noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Totals_are_exact_whatever_is_merged(int seed)
    {
        var dice = new Random(seed);
        var buffer = new SampleBuffer(rowsMax: 10, Guid.NewGuid);
        var expected = 0L;
        for (var tick = 0; tick < 200; tick++)
        {
            var rows = Enumerable.Range(0, dice.Next(1, 15)).Select(_ => Row($"c{dice.Next(40)}", tick, dice.Next(100))).DistinctBy(sample => sample.Row.ContainerId).ToList();
            expected += rows.Sum(sample => sample.Row.Requests);
            buffer.Add(rows, []);
            Assert.InRange(buffer.Count, 1, 20);
            if (dice.Next(10) == 0)
            {
                expected -= buffer.Next(5).Usage.Sum(sample => sample.Row.Requests);
                buffer.Stored();
            }
        }

        var left = 0L;
        while (buffer.Count > 0)
        {
            left += buffer.Next(5).Usage.Sum(sample => sample.Row.Requests);
            buffer.Stored();
        }

        Assert.Equal(expected, left);
    }

    [Fact]
    public void Rows_that_may_have_been_stored_already_come_again_unchanged()
    {
        var buffer = new SampleBuffer(rowsMax: 2, Guid.NewGuid);
        buffer.Add([Row("a", 0, 1), Row("b", 0, 1)], []);
        var first = buffer.Next(10);

        buffer.Add([Row("a", 1, 1), Row("b", 1, 1)], []);
        buffer.Add([Row("a", 2, 1), Row("b", 2, 1)], []);

        Assert.Same(first.Usage, buffer.Next(10).Usage);
        buffer.Stored();
        Assert.Equal(["a", "b"], buffer.Next(10).Usage.Select(sample => sample.Row.ContainerId));
        Assert.All(buffer.Next(10).Usage, sample => Assert.Equal(2, sample.Row.Requests));
    }

    [Fact]
    public void Neighbouring_rows_become_one_over_both_intervals()
    {
        var buffer = new SampleBuffer(rowsMax: 1, Guid.NewGuid);
        buffer.Add([Row("a", 0, 3), Row("a", 1, 4)], []);

        var merged = Assert.Single(buffer.Next(10).Usage);

        Assert.Equal((s_noon, s_noon.AddSeconds(20), 7), (merged.Row.PeriodStart, merged.Row.PeriodEnd, merged.Row.Requests));
        Assert.Equal(s_noon.AddSeconds(20), Assert.Single(merged.Ends).At);
    }

    [Fact]
    public void More_containers_than_rows_share_a_row_per_revision()
    {
        var buffer = new SampleBuffer(rowsMax: 3, Guid.NewGuid);
        buffer.Add([Row("a", 0, 1), Row("b", 0, 2), Row("c", 0, 3), Row("d", 0, 4)], []);

        var shared = Assert.Single(buffer.Next(10).Usage);

        Assert.Equal(("", 10), (shared.Row.ContainerId, shared.Row.Requests));
        Assert.Equal(["c/a", "c/b", "c/c", "c/d"], shared.Ends.Select(end => end.Key).Order());
    }

    private static UsageSample Row(string container, int tick, long requests)
    {
        var (start, end) = (s_noon.AddSeconds(tick * 10), s_noon.AddSeconds((tick + 1) * 10));
        return new UsageSample(
            new UsageRow(Guid.NewGuid(), "admin", "default", "uid", "shop", "shop-00001", container, start, end, 0, 0, 0, requests, 0),
            [MeterPosition.Beginning(MeterPosition.OfContainer(container), end)]);
    }
}
