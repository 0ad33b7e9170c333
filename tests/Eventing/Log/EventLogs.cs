using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Eventing.Log;
using Slipway.Eventing.Tests.Hosting;
using Slipway.Model.Failures;

[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Slipway.Eventing.Tests.Log;

public sealed class MemoryEventLogTests : EventLogContract
{
    private readonly MemoryEventLog _log;

    public MemoryEventLogTests() => _log = new MemoryEventLog(Time);

    private protected override IEventLog Log => _log;

    private protected override Task<IEventLog> ReopenAsync() => Task.FromResult<IEventLog>(_log);
}

public sealed class PostgresEventLogTests(TestPostgres postgres) : EventLogContract, IAsyncLifetime
{
    private readonly List<(CancellationTokenSource Stop, Task Running)> _running = [];
    private NpgsqlDataSource? _database;
    private PostgresEventLog? _log;

    private protected override IEventLog Log => _log!;

    public async ValueTask InitializeAsync()
    {
        var database = await CleanDatabase.OfAsync(postgres);
        _database = NpgsqlDataSource.Create(database.Address);
        await EventTables.EnsureAsync(_database, TestContext.Current.CancellationToken);
        _log = Start();
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_at_once()
    {
        var topic = await OpenAsync(1);
        await StopAsync();
        var idle = new PostgresEventLog(_database!, Time, NullLogger<PostgresEventLog>.Instance);
        var waiting = Enumerable.Range(0, 20).Select(round => idle.AppendAsync(topic, Events(round * 1000, (round + 1) * 1000), TestContext.Current.CancellationToken)).ToList();

        var refused = await idle.AppendAsync(topic, Events(0, 1), TestContext.Current.CancellationToken);

        Assert.Equal("log-busy", refused.Failure!.Code);
        Assert.Equal(FailureKind.Exhausted, refused.Failure.Kind);
        Assert.All(waiting, append => Assert.False(append.IsCompleted));
    }

    [Fact]
    public async Task A_lost_connection_is_told_and_nothing_is_out_of_place_afterwards()
    {
        var topic = await OpenAsync(1);
        await _log!.AppendAsync(topic, Events(0, 5), TestContext.Current.CancellationToken);
        await using (var command = _database!.CreateCommand("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"))
        {
            await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        var failed = await _log.AppendAsync(topic, Events(5, 6), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => (await _log.AppendAsync(topic, Events(5, 10), TestContext.Current.CancellationToken)).Succeeded, "the log takes events again");
        var records = await _log.ReadAsync(topic, 0, 0, 100, TestContext.Current.CancellationToken);

        Assert.Equal("log-unavailable", failed.Failure!.Code);
        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"{number}"), records.Select(record => record.Event.Id));
        Assert.Equal(Enumerable.Range(0, 10).Select(place => (long)place), records.Select(record => record.Place));
    }

    [Fact]
    public async Task What_no_longer_lies_in_memory_is_read_from_the_table()
    {
        var topic = await OpenAsync(1);
        for (var round = 0; round < 6; round++)
        {
            await _log!.AppendAsync(topic, Events(round * 1000, (round + 1) * 1000), TestContext.Current.CancellationToken);
        }

        var old = await _log!.ReadAsync(topic, 0, 10, 5, TestContext.Current.CancellationToken);
        var young = await _log.ReadAsync(topic, 0, 5_990, 50, TestContext.Current.CancellationToken);

        Assert.Equal(["10", "11", "12", "13", "14"], old.Select(record => record.Event.Id));
        Assert.Equal(10, young.Count);
    }

    [Fact]
    public async Task An_event_is_forgotten_as_seen_after_its_day()
    {
        var topic = await OpenAsync(1);
        await _log!.AppendAsync(topic, Events(0, 1), TestContext.Current.CancellationToken);
        Time.Advance(TimeSpan.FromHours(25));

        await _log.ForgetSeenAsync(Time.GetUtcNow() - TimeSpan.FromHours(24), TestContext.Current.CancellationToken);

        Assert.False((await _log.AppendAsync(topic, Events(0, 1), TestContext.Current.CancellationToken)).Value[0].IsDuplicate);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _database!.DisposeAsync();
    }

    private protected override async Task<IEventLog> ReopenAsync()
    {
        await StopAsync();
        return _log = Start();
    }

    private PostgresEventLog Start()
    {
        var log = new PostgresEventLog(_database!, Time, NullLogger<PostgresEventLog>.Instance);
        var stop = new CancellationTokenSource();
        _running.Add((stop, log.RunAsync(stop.Token)));
        return log;
    }

    private async Task StopAsync()
    {
        foreach (var (stop, running) in _running)
        {
            await stop.CancelAsync();
            await running;
            stop.Dispose();
        }

        _running.Clear();
    }
}
