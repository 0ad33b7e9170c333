using System.Text.Json.Nodes;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Tests.Database;

public sealed class DatabaseTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_value_a_service_keeps_comes_back_as_it_was()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync("create table kinds (id uuid, at timestamptz, day date, hour time, tags text[], ids uuid[], body jsonb, bytes bytea, cents numeric, note text)");
        var id = Guid.CreateVersion7();
        var at = new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.FromHours(2));

        await database.WriteAsync(
            (tx, c) => tx.Command(
                "insert into kinds values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                id, at, new DateOnly(2026, 3, 1), new TimeOnly(9, 15), new List<string> { "a", "b" }, new[] { id }, Sql.Json(new JsonObject { ["x"] = 1 }), new byte[] { 1, 2 }, 12.50m, null).ExecuteAsync(c),
            Cancellation);
        var row = await database.ReadAsync(
            (connection, c) => connection.Command("select id, at, day, hour, tags, ids, body, bytes, cents, note from kinds where id = any($1)", new HashSet<Guid> { id }).OneAsync(
                row => (
                    Id: row.GetGuid(0), At: row.GetFieldValue<DateTimeOffset>(1), Day: row.GetFieldValue<DateOnly>(2), Hour: row.GetFieldValue<TimeOnly>(3),
                    Tags: row.GetFieldValue<string[]>(4), Ids: row.GetFieldValue<Guid[]>(5), Body: row.GetString(6), Bytes: row.GetFieldValue<byte[]>(7),
                    Cents: row.GetDecimal(8), Note: row.TextOrNull(9)),
                c),
            Cancellation);

        Assert.Equal((id, at.ToUniversalTime(), new DateOnly(2026, 3, 1), new TimeOnly(9, 15)), (row.Id, row.At, row.Day, row.Hour));
        Assert.Equal(["a", "b"], row.Tags);
        Assert.Equal([id], row.Ids);
        Assert.Equal("{\"x\": 1}", row.Body);
        Assert.Equal([1, 2], row.Bytes);
        Assert.Equal((12.50m, (string?)null), (row.Cents, row.Note));
    }

    [Fact]
    public async Task A_write_that_throws_leaves_nothing_behind()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync("create table things (id int)");

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(
            async (tx, c) =>
            {
                await tx.Command("insert into things values (1)").ExecuteAsync(c);
                throw new InvalidOperationException("changed my mind");
            },
            Cancellation));

        Assert.Equal("0", await server.TextAsync("select count(*) from things"));
    }

    [Fact]
    public async Task A_write_that_swallows_a_database_error_is_never_taken_for_a_success()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync("create table things (id int primary key)");

        await Assert.ThrowsAsync<PostgresException>(() => database.WriteAsync(
            async (tx, c) =>
            {
                await tx.Command("insert into things values (1)").ExecuteAsync(c);
                try
                {
                    await tx.Command("insert into things values (1)").ExecuteAsync(c);
                }
                catch (PostgresException)
                {
                    // As a careless caller would.
                }
            },
            Cancellation));

        Assert.Equal("0", await server.TextAsync("select count(*) from things"));
        Assert.Equal(1, await database.ReadAsync((connection, c) => connection.Command("select 1").OneAsync(row => row.GetInt32(0), c), Cancellation));
    }

    [Fact]
    public async Task Colliding_transactions_run_again_until_both_are_done()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync("create table sums (id int primary key, n int); insert into sums values (1, 0), (2, 0)");
        var attempts = 0;

        async Task AddAsync(int first, int second) => await database.WriteAsync(
            async (tx, c) =>
            {
                Interlocked.Increment(ref attempts);
                await tx.Command("update sums set n = n + 1 where id = $1", first).ExecuteAsync(c);
                await tx.Command("select pg_sleep(0.2)").ExecuteAsync(c);
                await tx.Command("update sums set n = n + 1 where id = $1", second).ExecuteAsync(c);
            },
            Cancellation);
        await Task.WhenAll(AddAsync(1, 2), AddAsync(2, 1));

        Assert.Equal("2,2", await server.TextAsync("select string_agg(n::text, ',' order by id) from sums"));
    }

    [Fact]
    public async Task Connections_the_server_has_closed_are_replaced_without_anybody_noticing()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync("create table things (id int)");
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => database.ReadAsync((connection, c) => connection.Command("select pg_sleep(0.05)").ExecuteAsync(c), Cancellation)));
            await server.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test' and datname = current_database()");

            await database.ReadAsync((connection, c) => connection.Command("select 1").ExecuteAsync(c), Cancellation);
            await server.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test' and datname = current_database()");
            await database.WriteAsync((tx, c) => tx.Command("insert into things values (1)").ExecuteAsync(c), Cancellation);
        }

        Assert.Equal("3", await server.TextAsync("select count(*) from things"));
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_a_503_and_never_a_success()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync(
            """
            create table things (id int);
            create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
            create constraint trigger die after insert on things deferrable initially deferred for each row execute function die();
            """);

        var problem = await Assert.ThrowsAsync<ProblemException>(() => database.WriteAsync((tx, c) => tx.Command("insert into things values (1)").ExecuteAsync(c), Cancellation));

        Assert.Equal((503, "outcomeUnknown"), (problem.Problem.Status, problem.Problem.Code));
        Assert.NotNull(problem.Problem.RetryAfter);
    }

    [Fact]
    public async Task A_commit_the_server_refuses_is_that_refusal()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync("create table parents (id int primary key); create table children (id int references parents deferrable initially deferred)");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.WriteAsync((tx, c) => tx.Command("insert into children values (7)").ExecuteAsync(c), Cancellation));

        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, refused.SqlState);
    }

    [Fact]
    public async Task With_every_connection_taken_a_call_is_refused_as_busy_and_the_breaker_stays_closed()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server, options => (options.PoolMax, options.AcquireTimeout) = (1, TimeSpan.FromMilliseconds(50)));
        using var release = new SemaphoreSlim(0);
        using var taken = new SemaphoreSlim(0);
        var holder = database.ReadAsync(
            async (connection, c) =>
            {
                await connection.Command("select 1").ExecuteAsync(c);
                taken.Release();
                await release.WaitAsync(c);
                return 1;
            },
            Cancellation);
        await taken.WaitAsync(Cancellation);

        for (var call = 0; call < 8; call++)
        {
            var busy = await Assert.ThrowsAsync<ProblemException>(() => database.ReadAsync((connection, c) => connection.Command("select 1").ExecuteAsync(c), Cancellation));
            Assert.Equal((503, "databaseBusy"), (busy.Problem.Status, busy.Problem.Code));
        }

        release.Release();
        await holder;
        await database.ReadAsync((connection, c) => connection.Command("select 1").ExecuteAsync(c), Cancellation);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_ends_at_the_limit()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server, options => options.BreakerTimeout = TimeSpan.FromMilliseconds(300));

        var problem = await Assert.ThrowsAsync<ProblemException>(() => database.ReadAsync((connection, c) => connection.Command("select pg_sleep(600)").ExecuteAsync(c), Cancellation));

        Assert.Equal((503, "databaseUnavailable"), (problem.Problem.Status, problem.Problem.Code));
    }
}
