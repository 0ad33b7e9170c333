using System.Diagnostics.Metrics;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Tests.Database;

public sealed class DatabaseMetricsTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_pool_tells_what_is_in_use_idle_waiting_and_refused()
    {
        var server = await postgres.DatabaseAsync();

        // A name of its own keeps the figures apart from those of databases in other tests.
        var options = DatabaseScene.Options(server);
        (options.PoolMax, options.AcquireTimeout) = (2, TimeSpan.FromSeconds(30));
        await using var database = new Sdk.Database.Database("measured", options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Sdk.Database.Database>.Instance);
        using var meter = new PoolListener();
        using var release = new SemaphoreSlim(0);

        async Task<int> HoldAsync() => await database.ReadAsync(
            async (connection, c) =>
            {
                await connection.Command("select 1").ExecuteAsync(c);
                await release.WaitAsync(c);
                return 1;
            },
            Cancellation);
        var held = new[] { HoldAsync(), HoldAsync(), HoldAsync() };

        await Eventually.TrueAsync(() => meter.Read("db.pool.waiting").Contains(1) && meter.Read("db.pool.in_use").Contains(2), "two calls hold connections and one waits");
        Assert.Contains(2, meter.Read("db.pool.max"));
        Assert.Contains(0, meter.Read("db.breaker.open"));
        release.Release(3);
        await Task.WhenAll(held);
        await Eventually.TrueAsync(() => meter.Read("db.pool.idle").Contains(2), "both connections lie idle");
        Assert.Contains(0, meter.Read("db.pool.timeouts"));
    }

    [Fact]
    public void The_settings_are_those_of_the_documents()
    {
        var usual = SlipwayDatabase.Read(Settings(), development: false);

        Assert.Equal((50, 5), (usual.PoolMax, usual.PoolMin));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)), (usual.AcquireTimeout, usual.IdleLifetime));
        Assert.Equal(TimeSpan.FromSeconds(1), usual.EvictInterval);
        Assert.Equal((true, TimeSpan.FromSeconds(5), 50, TimeSpan.FromSeconds(30)), (usual.BreakerOn, usual.BreakerTimeout, usual.BreakerErrorPercent, usual.BreakerReset));
        Assert.False(usual.MigrateOnStart);
        Assert.True(SlipwayDatabase.Read(Settings(), development: true).MigrateOnStart);

        var chosen = SlipwayDatabase.Read(
            Settings(("DB_POOL_MAX", "20"), ("DB_POOL_ACQUIRE_MS", "60000"), ("BREAKER", "off"), ("BREAKER_TIMEOUT_MS", "7000"), ("BREAKER_ERROR_PERCENT", "30"), ("MIGRATE", "onStart")), development: false);
        Assert.Equal((20, TimeSpan.FromSeconds(60), false, TimeSpan.FromSeconds(7), 30, true), (chosen.PoolMax, chosen.AcquireTimeout, chosen.BreakerOn, chosen.BreakerTimeout, chosen.BreakerErrorPercent, chosen.MigrateOnStart));
    }

    [Fact]
    public async Task With_the_breaker_off_nobody_is_refused_because_others_failed()
    {
        await using var database = new Sdk.Database.Database(
            "nowhere",
            new DatabaseOptions { Address = DatabaseAddress.Parse("postgres://a:b@127.0.0.1:1/c").Value, BreakerOn = false },
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Sdk.Database.Database>.Instance);

        for (var call = 0; call < 12; call++)
        {
            var problem = await Assert.ThrowsAsync<ProblemException>(() => database.ReadAsync((connection, c) => connection.Command("select 1").ExecuteAsync(c), Cancellation));
            Assert.Equal("The database cannot be reached.", problem.Problem.Detail);
        }
    }

    private static ServiceSettings Settings(params (string Name, string Value)[] values)
    {
        var all = values.Append(("DATABASE_URL", "postgres://u:p@h/d")).ToDictionary(pair => pair.Item1, pair => pair.Item2);
        return new ServiceSettings(name => all.GetValueOrDefault(name));
    }

    /// <summary>Reads every database of the process; several may be there.</summary>
    private sealed class PoolListener : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly MeterListener _listener = new();
        private readonly List<(string Name, long Value)> _heard = [];

        public PoolListener()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == DatabaseMetrics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => _heard.Add((instrument.Name, value)));
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _heard.Add((instrument.Name, value)));
            _listener.Start();
        }

        public IReadOnlyList<long> Read(string name)
        {
            lock (_gate)
            {
                _heard.Clear();
                _listener.RecordObservableInstruments();
                return [.. _heard.Where(heard => heard.Name == name).Select(heard => heard.Value)];
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
