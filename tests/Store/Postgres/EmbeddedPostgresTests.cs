using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Store.Postgres;

namespace Slipway.Store.Tests.Postgres;

/// <summary>One server's whole life, told in few scenes because each start costs a second.</summary>
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_is_made_adopted_stopped_and_started_again_with_what_it_had()
    {
        int pid;
        int port;
        await using (var first = Server())
        {
            Assert.Null(await first.StartAsync(CancellationToken.None));
            (pid, port) = (first.ProcessId, first.Port);
            Assert.True(await first.IsHealthyAsync(CancellationToken.None));
            Assert.False(first.Adopted);
            await AssertSmallAndSafe(first);
            await Execute(first.Platform, "create table kept (n int); insert into kept values (7)");

            await using (var second = Server())
            {
                Assert.Equal("postgres-in-use", (await second.StartAsync(CancellationToken.None))?.Code);
            }

            await first.AbandonAsync();
        }

        // What a killed slipwayd leaves behind is taken over and not started a second time.
        await using (var heir = Server())
        {
            Assert.Null(await heir.StartAsync(CancellationToken.None));
            Assert.True(heir.Adopted);
            Assert.Equal((pid, port), (heir.ProcessId, heir.Port));
            Assert.Equal(7, await Scalar(heir.Platform, "select n from kept"));
            await heir.StopAsync(CancellationToken.None);
            Assert.False(await heir.IsHealthyAsync(CancellationToken.None));
        }

        // A pid file that names some other program, here this very test, must not stop the next start.
        var folders = new PostgresFolders(_folder.Path);
        await File.WriteAllTextAsync(folders.PostmasterFile, $"{Environment.ProcessId}\n{folders.Data}\n1\n{port}\n\n127.0.0.1\n0 0\nready\n");
        await using var again = Server();
        Assert.Null(await again.StartAsync(CancellationToken.None));
        Assert.False(again.Adopted);
        Assert.NotEqual(pid, again.ProcessId);
        Assert.Equal(7, await Scalar(again.Platform, "select n from kept"));
    }

    [Fact]
    public async Task A_folder_that_the_servers_account_may_not_pass_is_named()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root runs PostgreSQL under another account.");
        var closed = Directory.CreateDirectory(Path.Combine(_folder.Path, "closed"));
        var state = Directory.CreateDirectory(Path.Combine(closed.FullName, "state"));
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(closed.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var server = Server(state.FullName);
        var failure = await server.StartAsync(CancellationToken.None);

        Assert.Equal("postgres-folder-closed", failure?.Code);
        Assert.Contains($"chmod o+x {closed.FullName}", failure!.Detail, StringComparison.Ordinal);
        Assert.False(File.GetUnixFileMode(closed.FullName).HasFlag(UnixFileMode.OtherExecute), "folders above the state folder are not ours to open");
    }

    [Fact]
    public async Task A_state_folder_that_is_a_file_is_a_clear_failure()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "");
        await using var server = Server(file);

        Assert.Equal("postgres-folder", (await server.StartAsync(CancellationToken.None))?.Code);
    }

    [Fact]
    public async Task A_data_folder_of_another_version_is_not_touched()
    {
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherExecute);
        var folders = new PostgresFolders(_folder.Path);
        Directory.CreateDirectory(folders.Data);
        await File.WriteAllTextAsync(Path.Combine(folders.Data, "PG_VERSION"), "12\n");
        await using var server = Server();

        Assert.Equal("postgres-other-version", (await server.StartAsync(CancellationToken.None))?.Code);
    }

    [Fact]
    public void A_path_too_long_for_a_socket_leaves_tcp()
    {
        var deep = Path.Combine(_folder.Path, new string('d', 90));

        Assert.Null(new PostgresFolders(deep).Socket);
        Assert.NotNull(new PostgresFolders(_folder.Path).Socket);
    }

    private EmbeddedDatabaseServer Server(string? state = null) => (EmbeddedDatabaseServer)DatabaseServer.Create(
        SharedPostgres.Options(state ?? _folder.Path), TimeProvider.System, NullLoggerFactory.Instance).Value;

    private async Task AssertSmallAndSafe(EmbeddedDatabaseServer server)
    {
        Assert.Equal("64MB", await Scalar(server.Platform, "show shared_buffers"));
        Assert.Equal("500", await Scalar(server.Platform, "show max_connections"));
        Assert.Equal("off", await Scalar(server.Platform, "show jit"));
        Assert.Equal("C", await Scalar(server.Platform, "select datcollate::text from pg_database where datname = current_database()"));
        Assert.Equal("UTF8", await Scalar(server.Platform, "show server_encoding"));
        var folders = new PostgresFolders(_folder.Path);
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Private, File.GetUnixFileMode(folders.AdminPassword));
        Assert.Equal(Private, File.GetUnixFileMode(folders.PlatformPassword));
        await using var guess = NpgsqlDataSource.Create(server.ConnectionStringFor("postgres", "postgres", "guess"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Scalar(guess, "select 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);

        // The platform's role is no superuser.
        Assert.Equal(false, await Scalar(server.Platform, "select rolsuper from pg_roles where rolname = current_user"));
        if (Environment.IsPrivilegedProcess)
        {
            var owner = (await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/status")).Single(line => line.StartsWith("Uid:", StringComparison.Ordinal));
            Assert.DoesNotContain("\t0\t", owner, StringComparison.Ordinal);
        }
    }

    private static async Task<object?> Scalar(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task Execute(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
