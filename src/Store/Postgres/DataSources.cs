using Npgsql;

namespace Slipway.Store.Postgres;

/// <summary>The settings every connection of the platform shares: nothing waits without a limit.</summary>
internal static class DataSources
{
    public const string ApplicationName = "slipwayd";

    public static NpgsqlDataSource Of(NpgsqlConnectionStringBuilder address, int connectionsMax)
    {
        var builder = new NpgsqlDataSourceBuilder(address.ConnectionString);
        builder.ConnectionStringBuilder.ApplicationName = ApplicationName;
        builder.ConnectionStringBuilder.Timeout = 10;
        builder.ConnectionStringBuilder.CommandTimeout = 15;
        builder.ConnectionStringBuilder.CancellationTimeout = 2_000;
        builder.ConnectionStringBuilder.MaxPoolSize = connectionsMax;
        builder.ConnectionStringBuilder.ConnectionIdleLifetime = 60;
        builder.ConnectionStringBuilder.ConnectionPruningInterval = 10;
        builder.ConnectionStringBuilder.TcpKeepAlive = true;
        return builder.Build();
    }

    /// <summary>Every connection is really opened and really closed: what a session holds must not wait in a pool.</summary>
    public static NpgsqlDataSource Unpooled(NpgsqlConnectionStringBuilder address) =>
        Of(new NpgsqlConnectionStringBuilder(address.ConnectionString) { Pooling = false }, connectionsMax: 1);
}
