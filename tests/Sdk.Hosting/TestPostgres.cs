using System.Globalization;
using Npgsql;
using Slipway.Tests.Postgres;

namespace Slipway.Sdk.Hosting;

/// <summary>
/// One embedded PostgreSQL for the whole test process. Declare it once with
/// <c>[assembly: AssemblyFixture(typeof(TestPostgres))]</c>, take it in the constructor and ask for a database of your own.
/// </summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private const string Password = "test-password";

    // Tests kill processes, not the power; waiting for the disk would be most of their time.
    private static readonly string[] s_hasty =
        ["alter system set fsync = off", "alter system set synchronous_commit = off", "alter system set full_page_writes = off", "select pg_reload_conf()"];

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-sdk-").FullName;
    private readonly EmbeddedPostgres _postgres;

    public TestPostgres() => _postgres = new EmbeddedPostgres(_folder, s_hasty);

    /// <summary>The repository's artifacts folder, unless SLIPWAY_TOOLS says otherwise.</summary>
    public static string ToolsFolder => EmbeddedPostgres.ToolsFolder;

    /// <summary>An empty database that nobody else uses, owned by a role that may do nothing but use it.</summary>
    /// <param name="connections">How many connections the role may have; as many as the server has unless said otherwise.</param>
    public async Task<TestDatabase> DatabaseAsync(int connections = -1)
    {
        var name = _postgres.NextName();
        var role = string.Create(CultureInfo.InvariantCulture, $"create role {name} login password '{Password}' connection limit {connections}");
        await _postgres.ExecuteAsync(role, $"create database {name} owner {name}");
        var server = await _postgres.ServerAsync();
        return new TestDatabase(server.Host, server.Port, name, Password);
    }

    /// <summary>Stops the server as an operator would. Only for a test that has a server of its own.</summary>
    public Task StopAsync() => _postgres.StopAsync();

    /// <summary>Starts the stopped server again, on the port it had.</summary>
    public Task StartAsync() => _postgres.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}

/// <summary>A database of one test class.</summary>
public sealed class TestDatabase(string host, int port, string name, string password)
{
    public string Url { get; } = string.Create(CultureInfo.InvariantCulture, $"postgres://{name}:{password}@{host}:{port}/{name}");

    public NpgsqlConnectionStringBuilder Address => new() { Host = host, Port = port, Database = name, Username = name, Password = password };

    /// <summary>The settings a service under test needs to use it. The pool is small because many classes share one server.</summary>
    public Dictionary<string, string?> Environment => new()
    {
        ["DATABASE_URL"] = Url,
        ["DB_POOL_MAX"] = "10",
        ["DB_POOL_MIN"] = "0",
        ["DB_POOL_ACQUIRE_MS"] = "20000",
        ["BREAKER_TIMEOUT_MS"] = "30000",
        ["MIGRATE"] = "onStart",
    };

    /// <summary>Runs a statement past the service.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One value, as text, read past the service.</summary>
    public async Task<string> TextAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>A connection of the test's own; really closed when it is disposed.</summary>
    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Address.ConnectionString) { Pooling = false, Timeout = 30, CommandTimeout = 60 }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
