using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Control.Databases;
using Slipway.Control.Tests.Databases;
using Slipway.Store.Postgres;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Slipway.Control.Tests.Databases;

/// <summary>One embedded server for the tests that need a real one; started by the first of them.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-control-").FullName;
    private DatabaseServer? _server;

    public async Task<DatabaseServer> ServerAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_server is null)
            {
                var options = new DatabaseOptions
                {
                    StateFolder = _folder,
                    ToolsFolder = Tools(),
                    SearchPath = Environment.GetEnvironmentVariable("PATH"),
                };
                var server = DatabaseServer.Create(options, TimeProvider.System, NullLoggerFactory.Instance).Value;
                Assert.Null(await server.StartAsync(CancellationToken.None));
                _server = server;
            }

            return _server;
        }
        finally
        {
            _starting.Release();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        _starting.Dispose();
    }

    private static string Tools()
    {
        if (Environment.GetEnvironmentVariable("SLIPWAY_TOOLS") is { Length: > 0 } tools)
        {
            return tools;
        }

        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Slipway.slnx")))
        {
            at = at.Parent;
        }

        return Path.Combine(at?.FullName ?? throw new InvalidOperationException("The tests run outside the repository."), "artifacts");
    }
}

public sealed class PostgresAdminTests(SharedPostgres postgres)
{
    [Theory]
    [InlineData("plain_one", "Secret1")]
    [InlineData("with\"quotes'; DROP ROLE x; --", "it's \"quoted\"; $(x) \\ %s")]
    [InlineData("ünïcode 名", "pässword")]
    public async Task A_role_can_use_its_own_database_and_nobody_else_can(string name, string password)
    {
        var server = await postgres.ServerAsync();
        var admin = Admin(server);
        var account = new DatabaseAccount(name, name, password, 5, "slipway:demo/one");
        var other = new DatabaseAccount($"{name}2", $"{name}2", password, null, "slipway:demo/two");
        Assert.Null(await admin.EnsureAsync(account, true, default));
        Assert.Null(await admin.EnsureAsync(account, false, default));
        Assert.Null(await admin.EnsureAsync(other, true, default));

        Assert.Equal(name, await ScalarAsync(server, account, name, "CREATE TABLE IF NOT EXISTS t (id int); SELECT current_user::text"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(server, other, name, "SELECT 1"));
        Assert.Equal("42501", refused.SqlState);

        Assert.Null(await admin.EnsureAsync(account with { Password = "changed" }, true, default));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(server, account, name, "SELECT 1"));
        Assert.Equal(name, await ScalarAsync(server, account with { Password = "changed" }, name, "SELECT current_user::text"));

        Assert.Null(await admin.DropAsync(name, name, account.Claim, default));
        Assert.Null(await admin.DropAsync(name, name, account.Claim, default));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(server, account with { Password = "changed" }, name, "SELECT 1"));
        Assert.Null(await admin.DropAsync(other.Database, other.Role, other.Claim, default));
    }

    [Fact]
    public async Task What_was_made_for_somebody_else_is_neither_given_nor_dropped()
    {
        var server = await postgres.ServerAsync();
        var admin = Admin(server);
        var mine = new DatabaseAccount("taken", "taken", "secret", null, "slipway:a/db");
        Assert.Null(await admin.EnsureAsync(mine, true, default));

        Assert.Equal("database-name-taken", (await admin.EnsureAsync(mine with { Claim = "slipway:b/db" }, true, default))!.Code);
        Assert.Equal("database-name-taken", (await admin.EnsureAsync(mine with { Database = "postgres", Role = "postgres" }, true, default))!.Code);
        Assert.Null(await admin.DropAsync("taken", "taken", "slipway:b/db", default));
        Assert.Equal("taken", await ScalarAsync(server, mine, "taken", "SELECT current_user::text"));
        Assert.Null(await admin.DropAsync("taken", "taken", mine.Claim, default));
    }

    [Fact]
    public async Task A_making_that_was_cut_short_is_finished()
    {
        var server = await postgres.ServerAsync();
        var admin = Admin(server);
        var account = new DatabaseAccount("half", "half", "secret", null, "slipway:demo/half");
        Assert.Null(await admin.EnsureAsync(account, true, default));
        await using (var command = server.AdminDataSource.CreateCommand("COMMENT ON DATABASE half IS NULL"))
        {
            await command.ExecuteNonQueryAsync();
        }

        Assert.Null(await admin.EnsureAsync(account, false, default));
        Assert.Null(await admin.DropAsync("half", "half", account.Claim, default));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(server, account, "half", "SELECT 1"));
    }

    [Fact]
    public async Task The_described_connection_string_works()
    {
        var server = await postgres.ServerAsync();
        var admin = Admin(server);
        var account = new DatabaseAccount("described", "described", "a b@c:d/e", null, "slipway:demo/described");
        Assert.Null(await admin.EnsureAsync(account, true, default));
        var described = admin.Describe(account).ToDictionary();
        Assert.Equal($"postgresql://described:a%20b%40c%3Ad%2Fe@{server.Host}:{server.Port}/described", described["DATABASE_URL"]);
        await using var connection = new NpgsqlConnection(described["connectionString"] + ";Pooling=false");
        await connection.OpenAsync();
        await connection.CloseAsync();
        Assert.Null(await admin.DropAsync("described", "described", account.Claim, default));
    }

    private static PostgresAdmin Admin(DatabaseServer server) => new(new DatabaseAccess(server.AdminDataSource, server.Host, server.Port));

    private static async Task<string?> ScalarAsync(DatabaseServer server, DatabaseAccount account, string database, string sql)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Port,
            Database = database,
            Username = account.Role,
            Password = account.Password,
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
