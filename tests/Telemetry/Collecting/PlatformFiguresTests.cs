using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Tests.Collecting;

public sealed class PlatformFiguresTests
{
    private readonly ManualTime _time = new();
    private readonly MemoryMetrics _sink = new();
    private readonly Told _told = new();

    [Fact]
    public async Task Every_round_is_kept_under_the_job_of_the_platform_and_what_is_gone_gets_its_mark()
    {
        await using var running = new Running(this, new Told { Values = [("b", 7)] });
        _told.Values = [("a", 1), ("x", 2)];
        await Until.HoldsAsync(() => _sink.Of("told").Any(), "the first round was kept");
        _told.Values = [("a", 3)];
        await Until.HoldsAsync(() => _time.NextTimer is not null, "the next round is waited for");
        _time.Advance(TimeSpan.FromSeconds(15));
        await Until.HoldsAsync(() => _sink.Of("told").Any(sample => sample.IsStale()), "the series that is gone was marked");

        var gone = Assert.Single(_sink.Of("told"), sample => sample.IsStale());
        Assert.Contains(gone.Series["name"], new[] { "b", "x" });
        Assert.All(_sink.Samples, sample => Assert.Equal("slipway", sample.Series["job"]));
    }

    [Fact]
    public async Task A_room_that_fails_costs_its_own_figures_only()
    {
        var figures = new PlatformFigures([("broken", new Broken()), ("fine", _told)], _sink, TimeSpan.FromSeconds(15), _time, NullLogger<PlatformFigures>.Instance);
        _told.Values = [("a", 1)];

        var read = await figures.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal("told", Assert.Single(read).Name);
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Running(PlatformFiguresTests tests, Told first)
        {
            tests._told.Values = first.Values;
            var figures = new PlatformFigures([("told", tests._told)], tests._sink, TimeSpan.FromSeconds(15), tests._time, NullLogger<PlatformFigures>.Instance);
            _running = Task.Run(() => figures.RunAsync(_stop.Token));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
            _stop.Dispose();
        }
    }

    private sealed class Told : IFigureSource
    {
        public (string Name, double Value)[] Values { get; set; } = [];

        public Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Figure>>(
            [Figure.Gauge("told", "Told by the test.", Values.Select(value => new FigureValue(LabelSet.Of(("name", value.Name)), value.Value)))]);
    }

    private sealed class Broken : IFigureSource
    {
        public Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation) => throw new InvalidOperationException("no figures today");
    }
}

internal static class StaleSamples
{
    public static bool IsStale(this Slipway.Telemetry.Metrics.IncomingSample sample) => new Slipway.Telemetry.Metrics.Sample(sample.At, sample.Value).IsStale;
}
