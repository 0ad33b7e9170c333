using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Store.Postgres;

/// <summary>A PostgreSQL that somebody else runs. We neither start nor stop it; we only make sure that it is usable.</summary>
internal sealed class OutsideDatabaseServer(NpgsqlConnectionStringBuilder address) : DatabaseServer
{
    private NpgsqlDataSource? _platform;
    private NpgsqlDataSource? _admin;

    public override string Host => address.Host!;

    public override int Port => address.Port;

    public override bool IsEmbedded => false;

    internal override string Name => DatabaseUrl.Name(address);

    public override NpgsqlDataSource Platform => _platform ?? throw NotStarted();

    /// <summary>The same user: whether it may create databases is up to those who made it.</summary>
    public override NpgsqlDataSource AdminDataSource => _admin ?? throw NotStarted();

    public override async Task<Failure?> StartAsync(CancellationToken cancellation)
    {
        _platform = DataSources.Of(address, connectionsMax: 20);
        _admin = DataSources.Of(address, connectionsMax: 4);
        try
        {
            await using var connection = await _platform.OpenConnectionAsync(cancellation);
            return connection.PostgreSqlVersion.Major < PostgresRelease.OutsideMajorMin
                ? ConnectionFailures.TooOld(Name, connection.PostgreSqlVersion)
                : null;
        }
        catch (Exception exception) when (exception is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException)
        {
            return ConnectionFailures.Explain(exception, Name, address.Username!, address.Database!);
        }
    }

    public override string ConnectionStringFor(string database, string role, string password) =>
        new NpgsqlConnectionStringBuilder(address.ConnectionString) { Database = database, Username = role, Password = password }.ConnectionString;

    internal override NpgsqlDataSource UnpooledPlatform() => DataSources.Unpooled(address);

    public override Task StopAsync(CancellationToken cancellation) => DisposeAsync().AsTask();

    public override async ValueTask DisposeAsync()
    {
        foreach (var source in new[] { _platform, _admin })
        {
            if (source is not null)
            {
                await source.DisposeAsync();
            }
        }
    }

    private static InvalidOperationException NotStarted() => new("The database server is not started.");
}
