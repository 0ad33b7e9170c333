using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;

namespace Slipway.Sdk.Tests.Database;

public sealed class MigrationsTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scripts_run_once_in_order_and_are_remembered()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        var migrations = DatabaseScene.Migrations(
            database,
            (1, "things", "create table things (id int); insert into things values (1);"),
            (2, "more", "insert into things select id + 1 from things;"));

        Assert.Equal("waiting for migration 0001", await migrations.MissingAsync(Cancellation));
        Assert.True(await migrations.RunAsync(Cancellation) >= 2);
        Assert.Equal(0, await migrations.RunAsync(Cancellation));

        Assert.Null(await migrations.MissingAsync(Cancellation));
        Assert.Equal("1,2", await server.TextAsync("select string_agg(id::text, ',' order by id) from things"));
        Assert.Equal("1 things,2 more", await server.TextAsync("select string_agg(version || ' ' || name, ',' order by version) from schema_migrations"));
    }

    [Fact]
    public async Task Two_runners_at_once_apply_every_script_exactly_once()
    {
        var server = await postgres.DatabaseAsync();
        await using var one = DatabaseScene.Open(server);
        await using var other = DatabaseScene.Open(server);
        (int, string, string)[] scripts =
        [
            (1, "runs", "create table runs (n int); insert into runs values (1);"),
            (2, "slow", "select pg_sleep(0.2); insert into runs values (2);"),
            (3, "index", "-- slipway: no-transaction\ncreate index concurrently runs_n on runs (n);"),
        ];

        var counts = await Task.WhenAll(
            DatabaseScene.Migrations(one, scripts).RunAsync(Cancellation),
            DatabaseScene.Migrations(other, scripts).RunAsync(Cancellation));

        Assert.Contains(0, counts);
        Assert.Equal("1,2", await server.TextAsync("select string_agg(n::text, ',' order by n) from runs"));
    }

    [Fact]
    public async Task A_script_that_was_changed_after_it_ran_is_refused_and_nothing_else_runs()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await DatabaseScene.Migrations(database, (1, "things", "create table things (id int)")).RunAsync(Cancellation);

        var changed = DatabaseScene.Migrations(database, (1, "things", "create table things (id bigint)"), (2, "more", "create table more (id int)"));
        var refused = await Assert.ThrowsAsync<MigrationException>(() => changed.RunAsync(Cancellation));

        Assert.Contains("0001_things was changed", refused.Message);
        Assert.Contains("0001_things was changed", await changed.MissingAsync(Cancellation));
        Assert.Equal("False", await server.TextAsync("select to_regclass('more') is not null"));
    }

    [Fact]
    public async Task A_failing_script_leaves_nothing_behind_and_names_its_line()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        var migrations = DatabaseScene.Migrations(database, (1, "broken", "create table half (id int);\n\n-- a remark\ninsert into\n  nowhere values (1);"));

        var failed = await Assert.ThrowsAsync<MigrationException>(() => migrations.RunAsync(Cancellation));

        Assert.Contains("0001_broken failed in line 5", failed.Message);
        Assert.Equal("False", await server.TextAsync("select to_regclass('half') is not null"));
        Assert.Equal("waiting for migration 0001", await migrations.MissingAsync(Cancellation));
    }

    [Fact]
    public async Task An_index_left_half_built_is_dropped_and_built_again()
    {
        // Given a unique index that could not be built because of a duplicate, as a crash half-way would leave it
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync("create table people (name text)");
        await server.ExecuteAsync("insert into people values ('ada'), ('ada')");
        var migrations = DatabaseScene.Migrations(database, (1, "names", "-- slipway: no-transaction\ncreate unique index concurrently people_name on people (name);"));
        await Assert.ThrowsAsync<MigrationException>(() => migrations.RunAsync(Cancellation));
        Assert.Equal("False", await server.TextAsync("select indisvalid from pg_index where indexrelid = 'people_name'::regclass"));

        // When the reason is gone and the runner comes again
        await server.ExecuteAsync("truncate people");
        await migrations.RunAsync(Cancellation);

        // Then the index is whole
        Assert.Equal("True", await server.TextAsync("select indisvalid from pg_index where indexrelid = 'people_name'::regclass"));
        Assert.Null(await migrations.MissingAsync(Cancellation));
    }

    [Fact]
    public async Task An_index_that_was_finished_before_the_runner_died_is_kept()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync("create table people (name text)");
        await server.ExecuteAsync("create index people_name on people (name)");

        await DatabaseScene.Migrations(database, (1, "names", "-- slipway: no-transaction\ncreate index concurrently people_name on people (name);")).RunAsync(Cancellation);

        Assert.Equal("1", await server.TextAsync("select count(*) from schema_migrations"));
    }

    [Fact]
    public async Task A_database_that_is_ahead_of_the_program_is_accepted()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await DatabaseScene.Migrations(database, (1, "one", "select 1"), (2, "two", "select 2")).RunAsync(Cancellation);

        Assert.Null(await DatabaseScene.Migrations(database, (1, "one", "select 1")).MissingAsync(Cancellation));
    }

    [Fact]
    public async Task A_runner_that_dies_frees_the_lock_for_the_next()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await using var other = DatabaseScene.Open(server);
        var dying = DatabaseScene.Migrations(database, (1, "slow", "select pg_sleep(600)")).RunAsync(Cancellation);
        await Eventually.TrueAsync(async () => await server.TextAsync("select count(*) from pg_stat_activity where query = 'select pg_sleep(600)' and datname = current_database()") == "1", "the first runner is busy");

        await server.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(600)' and datname = current_database()");
        await Assert.ThrowsAnyAsync<Exception>(() => dying);

        Assert.True(await DatabaseScene.Migrations(other, (1, "quick", "select 1")).RunAsync(Cancellation) >= 1);
    }

    [Fact]
    public void Two_scripts_with_one_number_are_refused_when_the_service_is_built() =>
        Assert.Contains("0001_one and 0001_other", Assert.Throws<InvalidOperationException>(() => MigrationScript.In(typeof(MigrationsTests).Assembly, "Twins")).Message);
}
