using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Model.Failures;
using Slipway.Store.Archiving;

namespace Slipway.Store.Postgres;

/// <summary>
/// The PostgreSQL behind Slipway, whether it is our own or one somebody else runs. The composition root starts it first and stops it last.
/// </summary>
public abstract class DatabaseServer : IAsyncDisposable
{
    /// <summary>Where services connect.</summary>
    public abstract string Host { get; }

    public abstract int Port { get; }

    /// <summary>True when the server lives and dies with this installation.</summary>
    public abstract bool IsEmbedded { get; }

    /// <summary>The database of the platform itself. Only after <see cref="StartAsync"/> has succeeded.</summary>
    public abstract NpgsqlDataSource Platform { get; }

    /// <summary>May create roles and databases for services.</summary>
    public abstract NpgsqlDataSource AdminDataSource { get; }

    /// <summary>The way back to earlier moments; null for an outside server, whose owner looks after that.</summary>
    public virtual DatabaseArchive? Archive => null;

    /// <summary>How messages name the server.</summary>
    internal abstract string Name { get; }

    /// <summary>The embedded server unless <see cref="DatabaseOptions.Url"/> names another.</summary>
    public static Outcome<DatabaseServer> Create(DatabaseOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        if (string.IsNullOrWhiteSpace(options.Url))
        {
            return new EmbeddedDatabaseServer(options, time, loggers.CreateLogger<EmbeddedDatabaseServer>());
        }

        var address = DatabaseUrl.Parse(options.Url);
        return address.Succeeded ? new OutsideDatabaseServer(address.Value) : address.Failure!;
    }

    /// <summary>Null when the server answers; else what is wrong and what to change.</summary>
    public abstract Task<Failure?> StartAsync(CancellationToken cancellation);

    /// <summary>What a service needs to reach a database of its own.</summary>
    public abstract string ConnectionStringFor(string database, string role, string password);

    /// <summary>A source of its own for the store's journal; the caller disposes it.</summary>
    internal abstract NpgsqlDataSource UnpooledPlatform();

    public abstract Task StopAsync(CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();

    public async Task<bool> IsHealthyAsync(CancellationToken cancellation)
    {
        try
        {
            await using var command = Platform.CreateCommand("select 1");
            command.CommandTimeout = 3;
            return await command.ExecuteScalarAsync(cancellation) is 1;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }
}
