using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Store.Archiving;
using Slipway.Store.Postgres;

namespace Slipway.Store.Tests.Archiving;

/// <summary>The whole way on a real server: write, copy, write on, lose something, and look at what was before.</summary>
public sealed class PointInTimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_lost_is_on_a_second_server_as_of_the_moment_before()
    {
        await using var server = Server(new ArchiveSettings(7));
        Assert.Null(await server.StartAsync(CancellationToken.None));
        var archive = server.Archive!;
        Assert.Equal("before-archive", (await archive.RecoverAsync(await Now(server), CancellationToken.None)).Failure?.Code);
        await Run(server.Platform, "create table harvest (year int)", "insert into harvest values (1)");
        await archive.CopyAsync(CancellationToken.None);
        await Run(server.Platform, "insert into harvest values (2)");
        var before = await Now(server);
        await Run(server.Platform, "drop table harvest");

        var recovered = (await archive.RecoverAsync(before, CancellationToken.None)).Value;
        await using (var second = NpgsqlDataSource.Create(OnPort(server, recovered.Port)))
        {
            Assert.Equal([1, 2], await Years(second));
            await Run(second, "insert into harvest values (3)");
        }

        Assert.Equal("recovery-running", (await archive.RecoverAsync(before, CancellationToken.None)).Failure?.Code);
        Assert.Equal(DBNull.Value, await Scalar(server.Platform, "select to_regclass('harvest')::text"));
        Assert.True(await archive.DiscardAsync(recovered.Id, CancellationToken.None));
        Assert.False(await archive.DiscardAsync(recovered.Id, CancellationToken.None));
        Assert.True(PostgresControl.IsFree(recovered.Port), "the second server is gone");

        var status = await archive.StatusAsync(CancellationToken.None);
        Assert.Null(status.WhyOff);
        Assert.Single(status.Copies);
        Assert.Equal(status.From, status.Copies[0].CompleteAt);
        Assert.True(status.ArchivedAt > before.AddMinutes(-1));
        Assert.Equal("in-future", (await archive.RecoverAsync(before.AddHours(1), CancellationToken.None)).Failure?.Code);
        Assert.Equal("before-archive", (await archive.RecoverAsync(before.AddHours(-1), CancellationToken.None)).Failure?.Code);
    }

    [Fact]
    public async Task Without_days_there_is_no_archive_and_nothing_to_go_back_to()
    {
        await using var server = Server(ArchiveSettings.Off);
        Assert.Null(await server.StartAsync(CancellationToken.None));

        Assert.Equal("archive-off", (await server.Archive!.RecoverAsync(TimeProvider.System.GetUtcNow(), CancellationToken.None)).Failure?.Code);
        Assert.Contains("SLIPWAY_ARCHIVE_DAYS", (await server.Archive.StatusAsync(CancellationToken.None)).WhyOff, StringComparison.Ordinal);
        Assert.Equal("off", await Scalar(server.Platform, "show archive_mode"));
    }

    private EmbeddedDatabaseServer Server(ArchiveSettings archive) => (EmbeddedDatabaseServer)DatabaseServer.Create(
        SharedPostgres.Options(_folder.Path) with { Archive = archive }, TimeProvider.System, NullLoggerFactory.Instance).Value;

    /// <summary>The database's own clock, and a moment that no commit shares.</summary>
    private static async Task<DateTimeOffset> Now(EmbeddedDatabaseServer server) =>
        new((DateTime)(await Scalar(server.Platform, "select clock_timestamp() from pg_sleep(0.01)"))!, TimeSpan.Zero);

    private string OnPort(EmbeddedDatabaseServer server, int port) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionStringFor("slipway", "slipway", File.ReadAllText(new PostgresFolders(_folder.Path).PlatformPassword))) { Port = port }.ConnectionString;

    private static async Task<List<int>> Years(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select year from harvest order by year");
        await using var rows = await command.ExecuteReaderAsync();
        var years = new List<int>();
        while (await rows.ReadAsync())
        {
            years.Add(rows.GetInt32(0));
        }

        return years;
    }

    private static async Task Run(NpgsqlDataSource source, params string[] statements)
    {
        foreach (var statement in statements)
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<object?> Scalar(NpgsqlDataSource source, string statement)
    {
        await using var command = source.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }
}
