using Slipway.Control.Metering;

namespace Slipway.Control.Tests.Metering;

public sealed class UsageMeterTests(MeterPostgres postgres)
{
    [Fact]
    public async Task Every_interval_holds_what_was_used_in_it()
    {
        await using var database = await postgres.DatabaseAsync();
        using var world = new MeterWorld(database);
        await world.StartAsync("shop-a");
        var began = world.Time.GetUtcNow();
        world.Use("shop-a", 1.5, 512, diskBytes: 4096);
        world.Traffic.Count("shop-a", 10, 1000);
        await world.RoundAsync();
        world.Use("shop-a", 4, 1024, diskBytes: 8192);
        world.Traffic.Count("shop-a", 25, 1500);
        await world.RoundAsync();

        var rows = await world.RowsAsync();

        Assert.Equal(2, rows.Count);
        var (first, second) = (rows[0], rows[1]);
        Assert.Equal(("admin", "default", "shop-uid", "shop", "shop-00001", "shop-a"), (first.UserId, first.Namespace, first.ServiceId, first.Service, first.Revision, first.ContainerId));
        Assert.Equal((began, began.AddSeconds(10), began.AddSeconds(10), began.AddSeconds(20)), (first.PeriodStart, first.PeriodEnd, second.PeriodStart, second.PeriodEnd));
        Assert.Equal((1.5, 5.0, 4096L, 10L, 1000L), (first.CpuVcpuSeconds, first.MemoryGibSeconds, first.StorageBytes, first.Requests, first.EgressBytes));
        Assert.Equal((2.5, 7.5, 8192L, 15L, 500L), (second.CpuVcpuSeconds, second.MemoryGibSeconds, second.StorageBytes, second.Requests, second.EgressBytes));
    }

    [Fact]
    public async Task A_crash_of_the_control_plane_neither_loses_nor_repeats_processor_time()
    {
        await using var database = await postgres.DatabaseAsync();
        using var world = new MeterWorld(database);
        await world.StartAsync("shop-a");
        world.Use("shop-a", 3, 1024);
        world.Traffic.Count("shop-a", 7, 70);
        await world.RoundAsync();

        world.CrashAndComeBack();
        world.Use("shop-a", 8, 1024);
        world.Traffic.Count("shop-a", 2, 20);
        await world.RoundAsync(seconds: 60);

        var rows = await world.RowsAsync();
        Assert.Equal(8, rows.Sum(row => row.CpuVcpuSeconds));
        Assert.Equal(70, rows.Sum(row => row.MemoryGibSeconds));
        Assert.Equal((9, 90), (rows.Sum(row => row.Requests), rows.Sum(row => row.EgressBytes)));
        Assert.Equal(rows[0].PeriodEnd, rows[1].PeriodStart);
    }

    [Fact]
    public async Task While_the_database_is_away_rows_wait_and_totals_stay_exact_when_they_are_merged()
    {
        await using var database = await postgres.DatabaseAsync();
        using var world = new MeterWorld(database, new MeterSettings { BufferedRowsMax = 8, RowsPerWrite = 3 });
        await world.StartAsync("shop-a");
        await world.StartAsync("shop-b");
        await world.RoundAsync();
        var began = world.Time.GetUtcNow();

        await database.TakeAwayAsync();
        for (var round = 1; round <= 50; round++)
        {
            world.Use("shop-a", round, 1024);
            world.Use("shop-b", round * 2, 2048);
            world.Traffic.Count("shop-a", round * 3, round * 30);
            await world.RoundAsync();
            Assert.InRange(world.Meter.Waiting, 1, 24);
        }

        await database.GiveBackAsync();
        await world.RoundAsync();

        Assert.Equal(0, world.Meter.Waiting);
        var rows = (await world.RowsAsync()).Where(row => row.PeriodEnd > began).ToList();
        Assert.InRange(rows.Count, 2, 30);
        foreach (var (id, cpu) in new[] { ("shop-a", 50.0), ("shop-b", 100.0) })
        {
            var own = rows.Where(row => row.ContainerId == id).OrderBy(row => row.PeriodStart).ToList();
            Assert.Equal(cpu, own.Sum(row => row.CpuVcpuSeconds));
            Assert.Equal(began, own[0].PeriodStart);
            Assert.Equal(began.AddSeconds(510), own[^1].PeriodEnd);
            Assert.All(own.Zip(own.Skip(1)), pair => Assert.Equal(pair.First.PeriodEnd, pair.Second.PeriodStart));
        }

        Assert.Equal((150, 1500), (rows.Sum(row => row.Requests), rows.Sum(row => row.EgressBytes)));
    }

    [Fact]
    public async Task A_crash_during_an_outage_costs_no_processor_time()
    {
        await using var database = await postgres.DatabaseAsync();
        using var world = new MeterWorld(database);
        await world.StartAsync("shop-a");
        world.Use("shop-a", 1, 1024);
        await world.RoundAsync();
        await database.TakeAwayAsync();
        world.Use("shop-a", 2, 1024);
        await world.RoundAsync();

        world.CrashAndComeBack();
        world.Use("shop-a", 5, 1024);
        await world.RoundAsync();
        Assert.Equal(0, world.Meter.Waiting);
        await database.GiveBackAsync();
        await world.RoundAsync();

        Assert.Equal(5, (await world.RowsAsync()).Sum(row => row.CpuVcpuSeconds));
    }

    [Fact]
    public async Task An_instance_that_ends_between_two_measurements_is_measured_at_its_end()
    {
        await using var database = await postgres.DatabaseAsync();
        using var world = new MeterWorld(database);
        await world.StartAsync("shop-a");
        world.Use("shop-a", 2, 1024);
        await world.RoundAsync();
        world.Use("shop-a", 3, 1024);
        world.Time.Advance(TimeSpan.FromSeconds(4));
        var stopping = world.Driver.StopAsync("shop-a", TimeSpan.FromSeconds(10), CancellationToken.None);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await stopping;
        await world.RoundAsync(seconds: 5);

        var rows = await world.RowsAsync();
        Assert.Equal(3, rows.Sum(row => row.CpuVcpuSeconds));
        Assert.Equal(TimeSpan.FromSeconds(4), rows[1].PeriodEnd - rows[1].PeriodStart);
        await world.RoundAsync();
        Assert.Equal(2, (await world.RowsAsync()).Count);
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_may_be_repeated()
    {
        await using var database = await postgres.DatabaseAsync();
        using var world = new MeterWorld(database);
        await world.StartAsync("shop-a");
        await world.RoundAsync();
        var writer = new LedgerWriter(database.Source);
        var row = (await world.RowsAsync())[0] with { Id = Guid.CreateVersion7(), CpuVcpuSeconds = 9 };

        await writer.StoreAsync([new UsageSample(row, [])], [], CancellationToken.None);
        await writer.StoreAsync([new UsageSample(row, [])], [], CancellationToken.None);

        Assert.Equal(2L, await database.AskAsync<long>("select count(*) from metering.usage"));
    }

    [Fact]
    public async Task Rows_older_than_the_retention_go()
    {
        await using var database = await postgres.DatabaseAsync();
        using var world = new MeterWorld(database);
        await world.StartAsync("shop-a");
        await world.RoundAsync();
        Assert.Single(await world.RowsAsync());
        world.Driver.Crash("shop-a");
        await world.StartAsync("shop-b");

        await world.RoundAsync(seconds: TimeSpan.FromDays(36).TotalSeconds);

        Assert.Equal("shop-b", Assert.Single(await world.RowsAsync()).ContainerId);
        Assert.Equal(0L, await database.AskAsync<long>("select count(*) from metering.positions where key = 'c/shop-a'"));
    }

    [Fact]
    public async Task Services_are_measured_over_all_their_instances()
    {
        await using var database = await postgres.DatabaseAsync();
        using var world = new MeterWorld(database);
        await world.StartAsync("shop-a");
        await world.StartAsync("shop-b");
        await world.StartAsync("other-a", "other");
        world.Use("shop-a", 2, 256);
        world.Use("shop-b", 3, 256);
        world.Traffic.CountService("shop", 100, 4, latency: 5, inFlight: 2);
        await world.RoundAsync();
        world.Traffic.CountService("shop", 110, 4, latency: 6);
        await world.RoundAsync();

        var rows = (await world.Ledger.MetricsAsync(new MetricsQuery { ServiceId = "shop-uid" }, CancellationToken.None)).Value;

        Assert.Equal(2, rows.Count);
        Assert.Equal((0.5, 512L << 20, 2, 100L, 4L, 0.05, 2), (rows[0].CpuUsage, rows[0].MemoryUsage, rows[0].Instances, rows[0].Requests, rows[0].Errors, rows[0].LatencySecondsAverage, rows[0].InFlight));
        Assert.Equal((0.0, 10L, 0L, 0.1), (rows[1].CpuUsage, rows[1].Requests, rows[1].Errors, rows[1].LatencySecondsAverage!.Value));
    }

    [Fact]
    public async Task Questions_are_filtered_and_paged_by_position()
    {
        await using var database = await postgres.DatabaseAsync();
        using var world = new MeterWorld(database);
        await world.StartAsync("shop-a");
        await world.StartAsync("other-a", "other");
        var began = world.Time.GetUtcNow();
        for (var round = 0; round < 5; round++)
        {
            await world.RoundAsync();
        }

        Assert.Equal(10, (await world.RowsAsync()).Count);
        Assert.Equal(5, (await world.RowsAsync(new UsageQuery { ServiceId = "shop-uid" })).Count);
        Assert.Equal(5, (await world.RowsAsync(new UsageQuery { Service = "other", Namespace = "default" })).Count);
        Assert.Equal(5, (await world.RowsAsync(new UsageQuery { ContainerId = "shop-a" })).Count);
        Assert.Empty(await world.RowsAsync(new UsageQuery { UserId = "nobody" }));
        Assert.Equal(4, (await world.RowsAsync(new UsageQuery { From = began.AddSeconds(10), To = began.AddSeconds(30) })).Count);

        var seen = new List<Guid>();
        RowPosition? after = null;
        while (true)
        {
            var page = await world.RowsAsync(new UsageQuery { After = after, Limit = 3 });
            if (page.Count == 0)
            {
                break;
            }

            seen.AddRange(page.Select(row => row.Id));
            after = page[^1].Position;
        }

        Assert.Equal((await world.RowsAsync()).Select(row => row.Id), seen);
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_reached_says_so_and_an_empty_one_is_empty()
    {
        await using var database = await postgres.DatabaseAsync();
        using var world = new MeterWorld(database);
        Assert.Empty(await world.RowsAsync());

        await database.TakeAwayAsync();
        var answer = await world.Ledger.QueryAsync(new UsageQuery(), CancellationToken.None);

        Assert.Equal("ledger-unavailable", answer.Failure!.Code);
    }

    [Fact]
    public async Task Several_servers_may_make_the_tables_at_the_same_time()
    {
        await using var database = await postgres.DatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new LedgerWriter(database.Source).OpenAsync(CancellationToken.None)));

        Assert.Equal(3L, await database.AskAsync<long>("select count(*) from pg_tables where schemaname = 'metering'"));
    }
}
