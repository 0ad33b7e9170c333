using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Store.Postgres;

namespace Slipway.Sdk.Hosting;

/// <summary>
/// One embedded PostgreSQL for the whole test process. Declare it once with
/// <c>[assembly: AssemblyFixture(typeof(TestPostgres))]</c>, take it in the constructor and ask for a database of your own.
/// </summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private const string Password = "test-password";

    private readonly SemaphoreSlim _starting = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-sdk-").FullName;
    private DatabaseServer? _server;
    private int _databases;

    /// <summary>The repository's artifacts folder, unless SLIPWAY_TOOLS says otherwise.</summary>
    public static string ToolsFolder
    {
        get
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

    /// <summary>An empty database that nobody else uses, owned by a role that may do nothing but use it.</summary>
    /// <param name="connections">How many connections the role may have; as many as the server has unless said otherwise.</param>
    public async Task<TestDatabase> DatabaseAsync(int connections = -1)
    {
        await _starting.WaitAsync();
        try
        {
            if (_server is null)
            {
                await StartNeedsGateAsync();
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"test_{++_databases}");
            foreach (var sql in new[] { string.Create(CultureInfo.InvariantCulture, $"create role {name} login password '{Password}' connection limit {connections}"), $"create database {name} owner {name}" })
            {
                await using var command = _server!.AdminDataSource.CreateCommand(sql);
                command.CommandTimeout = 60;
                await command.ExecuteNonQueryAsync();
            }

            return new TestDatabase(_server!.Host, _server.Port, name, Password);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Stops the server as an operator would. Only for a test that has a server of its own.</summary>
    public async Task StopAsync()
    {
        await _starting.WaitAsync();
        try
        {
            await _server!.StopAsync(CancellationToken.None);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Starts the stopped server again, on the port it had.</summary>
    public async Task StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            await StartNeedsGateAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        _starting.Dispose();
    }

    private async Task StartNeedsGateAsync()
    {
        var options = new DatabaseOptions
        {
            StateFolder = _folder,
            ToolsFolder = ToolsFolder,
            SearchPath = Environment.GetEnvironmentVariable("PATH"),
        };
        _server ??= DatabaseServer.Create(options, TimeProvider.System, NullLoggerFactory.Instance).Value;
        if (await _server.StartAsync(CancellationToken.None) is { } failure)
        {
            throw new InvalidOperationException($"PostgreSQL for the tests does not start: {failure.Detail}");
        }

        // Tests kill processes, not the power; waiting for the disk would be most of their time.
        foreach (var sql in new[] { "alter system set fsync = off", "alter system set synchronous_commit = off", "alter system set full_page_writes = off", "select pg_reload_conf()" })
        {
            await using var command = _server.AdminDataSource.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
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
