using System.Collections.Concurrent;
using System.Diagnostics;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Tests.Database;

public sealed class OutageTests(StoppablePostgres stoppable) : IClassFixture<StoppablePostgres>, IAsyncLifetime
{
    private readonly TestPostgres _postgres = stoppable.Postgres;
    private TestDatabase _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await _postgres.DatabaseAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Under_load_an_outage_is_a_503_at_once_and_nothing_acknowledged_is_lost()
    {
        await _server.ExecuteAsync("create table written (id bigint primary key)");
        await using var database = DatabaseScene.Open(_server, options =>
        {
            options.BreakerTimeout = TimeSpan.FromSeconds(5);
            options.AcquireTimeout = TimeSpan.FromSeconds(5);

            // So that only the probe can have closed the breaker when writes succeed again.
            options.BreakerReset = TimeSpan.FromHours(1);
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var load = new Load(database);
        var writers = Enumerable.Range(0, 8).Select(_ => Task.Run(() => load.RunAsync(stop.Token), Cancellation)).ToArray();
        await Eventually.TrueAsync(() => load.Acknowledged.Count > 50, "writes succeed");

        // When the server goes away
        await _postgres.StopAsync();
        await Eventually.TrueAsync(() => load.Refused("failed too often") > 100, "the breaker is open and refuses at once");

        // And comes back
        await _postgres.StartAsync();
        var back = Stopwatch.GetTimestamp();
        var before = load.Acknowledged.Count;
        await Eventually.TrueAsync(() => load.Acknowledged.Count > before + 20, "writes succeed again");
        var recovered = Stopwatch.GetElapsedTime(back);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        // Then every write that was acknowledged is there
        TestContext.Current.TestOutputHelper!.WriteLine($"Writing again after {recovered.TotalSeconds:0.00} s");
        Assert.Empty(load.Unexpected);
        Assert.Equal("0", await _server.TextAsync($"select count(*) from unnest(array[{string.Join(',', load.Acknowledged)}]::bigint[]) as id where id not in (select id from written)"));
    }

    [Fact]
    public async Task Without_a_probe_a_single_call_tries_after_the_reset_and_closes_the_breaker()
    {
        await using var database = DatabaseScene.Open(_server, options =>
        {
            options.BreakerProbe = TimeSpan.Zero;
            options.BreakerReset = TimeSpan.FromSeconds(1);
            options.BreakerCallsMin = 4;
        });
        await ReadAsync(database);
        await _postgres.StopAsync();
        for (var opened = false; !opened;)
        {
            var problem = (await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(database))).Problem;
            Assert.Equal((503, "databaseUnavailable"), (problem.Status, problem.Code));
            Assert.NotNull(problem.RetryAfter);
            opened = problem.Detail.Contains("failed too often", StringComparison.Ordinal);
        }

        await _postgres.StartAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await ReadAsync(database);
                    return true;
                }
                catch (ProblemException)
                {
                    return false;
                }
            },
            "the half-open call closes the breaker");
        await ReadAsync(database);
    }

    private static Task<int> ReadAsync(Sdk.Database.Database database) =>
        database.ReadAsync((connection, c) => connection.Command("select 1").OneAsync(row => row.GetInt32(0), c), Cancellation);

    /// <summary>Writes numbers and remembers which were acknowledged and how the others were refused.</summary>
    private sealed class Load(Sdk.Database.Database database)
    {
        private readonly ConcurrentBag<string> _refusals = [];
        private long _next;

        public ConcurrentBag<long> Acknowledged { get; } = [];

        public ConcurrentBag<Exception> Unexpected { get; } = [];

        public int Refused(string words) => _refusals.Count(detail => detail.Contains(words, StringComparison.Ordinal));

        public async Task RunAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                var id = Interlocked.Increment(ref _next);
                try
                {
                    await database.WriteAsync((tx, c) => tx.Command("insert into written (id) values ($1)", id).ExecuteAsync(c), CancellationToken.None);
                    Acknowledged.Add(id);
                }
                catch (ProblemException exception) when (exception.Problem.Status == 503)
                {
                    _refusals.Add(exception.Problem.Detail);
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
                }
                catch (Exception exception)
                {
                    Unexpected.Add(exception);
                }
            }
        }
    }
}
