using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;

namespace Slipway.Sdk.Tests.Database;

public sealed class LastWordsTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_said_at_the_commit_is_written_in_its_order_with_the_rest()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server);
        await server.ExecuteAsync("create table words (id serial, text text)");

        var seen = await database.WriteAsync(
            async (tx, c) =>
            {
                await tx.AtCommitAsync("insert into words (text) values ($1)", c, "second");
                await tx.AtCommitAsync("insert into words (text) values ($1)", c, "third");
                await tx.Command("insert into words (text) values ('first')").ExecuteAsync(c);
                return await tx.Command("select count(*) from words").OneAsync(row => row.GetInt64(0), c);
            },
            Cancellation);

        Assert.Equal(1, seen);
        Assert.Equal("first,second,third", await server.TextAsync("select string_agg(text, ',' order by id) from words"));
    }

    [Fact]
    public async Task Should_it_fail_nothing_is_committed_and_the_next_transaction_knows_nothing_of_it()
    {
        var server = await postgres.DatabaseAsync();
        await using var database = DatabaseScene.Open(server, options => options.PoolMax = 1);
        await server.ExecuteAsync("create table words (text text unique)");

        var failure = await Assert.ThrowsAsync<PostgresException>(() => database.WriteAsync(
            async (tx, c) =>
            {
                await tx.Command("insert into words values ('once')").ExecuteAsync(c);
                await tx.AtCommitAsync("insert into words values ('once')", c);
            },
            Cancellation));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, failure.SqlState);
        Assert.Equal("0", await server.TextAsync("select count(*) from words"));
        await database.WriteAsync((tx, c) => tx.AtCommitAsync("insert into words values ('again')", c), Cancellation);
        Assert.Equal("again", await server.TextAsync("select string_agg(text, ',') from words"));
    }

    [Fact]
    public async Task In_a_transaction_that_somebody_else_commits_it_is_said_at_once()
    {
        var server = await postgres.DatabaseAsync();
        await server.ExecuteAsync("create table words (text text)");
        await using var connection = await server.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);

        await transaction.AtCommitAsync("insert into words values ('now')", Cancellation);

        Assert.Equal(1, await transaction.Command("select count(*) from words").OneAsync(row => row.GetInt64(0), Cancellation));
        await transaction.CommitAsync(Cancellation);
    }

    [Fact]
    public async Task More_calls_than_the_role_may_have_connections_take_turns()
    {
        var server = await postgres.DatabaseAsync(connections: 2);
        await using var database = DatabaseScene.Open(server);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(number => database.ReadAsync(
            (connection, c) => connection.Command("select $1::int from pg_sleep(0.01)", number).OneAsync(row => row.GetInt32(0), c), Cancellation)));

        Assert.Equal(Enumerable.Range(0, 30), answers);
    }
}
