using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Store.Journal;
using Slipway.Store.Postgres;
using Slipway.Store.Tests;
using Slipway.Tests.Postgres;

[assembly: AssemblyFixture(typeof(SharedPostgres))]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Slipway.Store.Tests;

/// <summary>One embedded server for the whole assembly; every test that needs a database gets a fresh one of its own.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, Sealing.KeyBytes).Select(value => (byte)value)];

    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedPostgres _postgres;

    public SharedPostgres() => _postgres = new EmbeddedPostgres(_folder.Path);

    public static string ToolsFolder => EmbeddedPostgres.ToolsFolder;

    public static DatabaseOptions Options(string stateFolder) => EmbeddedPostgres.Options(stateFolder);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public Task<DatabaseServer> ServerAsync() => _postgres.ServerAsync();

    /// <summary>An empty database that nobody else uses.</summary>
    internal async Task<TestDatabase> DatabaseAsync()
    {
        var name = _postgres.NextName();
        await _postgres.ExecuteAsync($"create database {name} owner slipway");
        var server = await _postgres.ServerAsync();
        var address = new NpgsqlConnectionStringBuilder(server.ConnectionStringFor(name, "slipway", PlatformPassword(_folder.Path)));
        return new TestDatabase(address, s_key);
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        _folder.Dispose();
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
