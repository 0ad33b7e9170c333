using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Store.Journal;
using Slipway.Store.Postgres;
using Slipway.Store.Tests;

[assembly: AssemblyFixture(typeof(SharedPostgres))]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Slipway.Store.Tests;

/// <summary>One embedded server for the whole assembly; every test that needs a database gets a fresh one of its own.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, Sealing.KeyBytes).Select(value => (byte)value)];

    private readonly SemaphoreSlim _starting = new(1);
    private readonly TemporaryFolder _folder = new();
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

    public static DatabaseOptions Options(string stateFolder) => new()
    {
        StateFolder = stateFolder,
        ToolsFolder = ToolsFolder,
        SearchPath = Environment.GetEnvironmentVariable("PATH"),
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<DatabaseServer> ServerAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_server is null)
            {
                var server = DatabaseServer.Create(Options(_folder.Path), TimeProvider.System, NullLoggerFactory.Instance).Value;
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

    /// <summary>An empty database that nobody else uses.</summary>
    internal async Task<TestDatabase> DatabaseAsync()
    {
        var server = await ServerAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await using var command = server.AdminDataSource.CreateCommand($"create database {name} owner slipway");
        await command.ExecuteNonQueryAsync();
        var address = new NpgsqlConnectionStringBuilder(server.ConnectionStringFor(name, "slipway", PlatformPassword(_folder.Path)));
        return new TestDatabase(address, s_key);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
        _starting.Dispose();
    }

    private static string PlatformPassword(string stateFolder) => File.ReadAllText(new PostgresFolders(stateFolder).PlatformPassword);
}

/// <summary>Opens stores and bystanders' connections on one database.</summary>
internal sealed class TestDatabase(NpgsqlConnectionStringBuilder address, byte[] key)
{
    public string ConnectionString => address.ConnectionString;

    public PostgresJournal Journal(TimeSpan? lockWait = null, byte[]? otherKey = null) => new(
        DataSources.Unpooled(address),
        new Sealing(otherKey ?? key),
        "the test server",
        lockWait ?? TimeSpan.FromSeconds(20),
        TimeProvider.System,
        NullLogger.Instance);

    /// <summary>A noisy machine may take longer over a commit than a writer should wait for; only tests about that care.</summary>
    public static StoreOptions Patient { get; } = new() { WriteWait = TimeSpan.FromSeconds(60) };

    public async Task<ResourceStore> StoreAsync() =>
        (await ResourceStore.OpenAsync(Journal(), TimeProvider.System, Patient, CancellationToken.None)).Value;

    public async Task<string> TextAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(address.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }
}
