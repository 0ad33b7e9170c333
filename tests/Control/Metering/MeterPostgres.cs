using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slipway.Store.Postgres;

[assembly: AssemblyFixture(typeof(Slipway.Control.Tests.Metering.MeterPostgres))]

namespace Slipway.Control.Tests.Metering;

/// <summary>One embedded server for all tests of the meter; each gets an empty database that nobody else uses.</summary>
public sealed class MeterPostgres : IAsyncLifetime
{
    private const string Role = "meter";
    private const string Password = "known-to-this-test";

    private readonly SemaphoreSlim _starting = new(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-meter-");
    private DatabaseServer? _server;
    private int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task<MeterDatabase> DatabaseAsync()
    {
        var server = await ServerAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"meter_{Interlocked.Increment(ref _databases)}");
        await using var create = server.AdminDataSource.CreateCommand($"create database {name} owner {Role}");
        await create.ExecuteNonQueryAsync();
        return new MeterDatabase(server, name, server.ConnectionStringFor(name, Role, Password));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
        _starting.Dispose();
    }

    private async Task<DatabaseServer> ServerAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_server is null)
            {
                var options = new DatabaseOptions { StateFolder = _folder.FullName, ToolsFolder = ToolsFolder, SearchPath = Environment.GetEnvironmentVariable("PATH") };
                var server = DatabaseServer.Create(options, TimeProvider.System, NullLoggerFactory.Instance).Value;
                Assert.Null(await server.StartAsync(CancellationToken.None));
                await using var role = server.AdminDataSource.CreateCommand($"create role {Role} login password '{Password}'");
                await role.ExecuteNonQueryAsync();
                _server = server;
            }

            return _server;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>The repository's artifacts folder, unless SLIPWAY_TOOLS says otherwise.</summary>
    private static string ToolsFolder
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
}

/// <summary>A database that can be taken away and given back.</summary>
internal sealed class MeterDatabase(DatabaseServer server, string name, string address) : IAsyncDisposable
{
    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(address);

    public async Task TakeAwayAsync()
    {
        await AdminAsync($"alter database {name} with allow_connections = false");
        await AdminAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
    }

    public Task GiveBackAsync() => AdminAsync($"alter database {name} with allow_connections = true");

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private async Task AdminAsync(string sql)
    {
        await using var command = server.AdminDataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
