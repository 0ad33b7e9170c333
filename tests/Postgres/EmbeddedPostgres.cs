using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Store.Postgres;

namespace Slipway.Tests.Postgres;

/// <summary>
/// A real PostgreSQL in a folder of the test's own, started by the first test that needs it. Compiled into each project that has one.
/// </summary>
internal sealed class EmbeddedPostgres(string folder, params string[] afterStart) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
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

    public async Task<DatabaseServer> ServerAsync()
    {
        await _gate.WaitAsync();
        try
        {
            return _server ?? await StartNeedsGateAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs statements with the powers of an administrator, one caller after another: databases copied at the same moment get in each other's way.</summary>
    public async Task ExecuteAsync(params IReadOnlyList<string> statements)
    {
        await _gate.WaitAsync();
        try
        {
            await ExecuteAsync(_server ?? await StartNeedsGateAsync(), statements);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A name that no other database of this server has.</summary>
    public string NextName() => string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");

    /// <summary>Stops the server as an operator would.</summary>
    public async Task StopAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await _server!.StopAsync(CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Starts the stopped server again, on the port it had.</summary>
    public async Task StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await StartNeedsGateAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _gate.Dispose();
    }

    private async Task<DatabaseServer> StartNeedsGateAsync()
    {
        var server = _server ?? DatabaseServer.Create(Options(folder), TimeProvider.System, NullLoggerFactory.Instance).Value;
        if (await server.StartAsync(CancellationToken.None) is { } failure)
        {
            throw new InvalidOperationException($"PostgreSQL for the tests does not start: {failure.Detail}");
        }

        await ExecuteAsync(server, afterStart);
        return _server = server;
    }

    private static async Task ExecuteAsync(DatabaseServer server, IReadOnlyList<string> statements)
    {
        foreach (var statement in statements)
        {
            await using var command = server.AdminDataSource.CreateCommand(statement);
            command.CommandTimeout = 60;
            await command.ExecuteNonQueryAsync();
        }
    }
}
