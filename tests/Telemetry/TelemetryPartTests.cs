using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Telemetry.Parts;
using Slipway.Telemetry.Tests.Collecting;

namespace Slipway.Telemetry.Tests;

public sealed class TelemetryPartTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_said_and_opened_later()
    {
        var attempts = 0;
        var part = new TelemetryPart<Store>(
            "logs",
            _ => ++attempts == 1 ? throw new IOException("the disk is full") : Task.FromResult(new Store()),
            static (_, stopping) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping),
            _time,
            NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => part.RunAsync(stop.Token), TestContext.Current.CancellationToken);
        await part.Settled;
        Assert.Equal(("the disk is full", true), (part.Trouble, part.Current is null));
        await Until.HoldsAsync(() => _time.NextTimer is not null, "it waits for its next attempt");

        _time.Advance(TimeSpan.FromSeconds(2));
        await Until.HoldsAsync(() => part.Current is not null, "it was opened");

        Assert.Null(part.Trouble);
        await stop.CancelAsync();
        await running;
        Assert.Null(part.Current);
    }

    [Fact]
    public async Task A_store_that_breaks_is_closed_and_opened_anew()
    {
        var stores = new List<Store>();
        var part = new TelemetryPart<Store>(
            "metrics",
            _ =>
            {
                stores.Add(new Store());
                return Task.FromResult(stores[^1]);
            },
            (store, stopping) => store == stores[0] ? throw new InvalidDataException("the file is not what was written") : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping),
            _time,
            NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => part.RunAsync(stop.Token), TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => _time.NextTimer is not null, "it waits for its next attempt");
        Assert.True(stores[0].IsDisposed);
        Assert.Equal("the file is not what was written", part.Trouble);

        _time.Advance(TimeSpan.FromSeconds(2));
        await Until.HoldsAsync(() => part.Current == stores.ElementAtOrDefault(1) && part.Current is not null, "another was opened");
        await stop.CancelAsync();
        await running;
        Assert.True(stores[1].IsDisposed);
    }

    private sealed class Store : IAsyncDisposable
    {
        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
