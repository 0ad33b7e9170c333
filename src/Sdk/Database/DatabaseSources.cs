using Npgsql;

namespace Slipway.Sdk.Database;

/// <summary>Builds the pools. The slim builder leaves out type mappings nobody here uses, which a cold start would pay for.</summary>
internal static class DatabaseSources
{
    /// <summary>
    /// The pool of calls. A connection goes back as it is: resetting it costs the server more than a read by key. So a call
    /// must leave no session state behind, and <c>set local</c> is the only kind of setting it may use.
    /// </summary>
    public static NpgsqlDataSource Calls(DatabaseOptions options, string name) => Build(options, name, address =>
    {
        address.MaxPoolSize = options.PoolMax;
        address.MinPoolSize = Math.Min(options.PoolMin, options.PoolMax);
        address.NoResetOnClose = true;
        address.MaxAutoPrepare = 200;
        address.AutoPrepareMinUsages = 2;

        // A process frozen in the middle of a transaction must not keep its locks.
        address.Options = "-c idle_in_transaction_session_timeout=30s -c timezone=UTC";
    });

    /// <summary>For listeners and bulk loads, which hold session state and may take their time.</summary>
    public static NpgsqlDataSource Long(DatabaseOptions options, string name) => Build(options, name + "-long", address =>
    {
        address.MaxPoolSize = options.SourceMax;
        address.MinPoolSize = 0;
        address.KeepAlive = 30;
        address.Options = "-c timezone=UTC";
    });

    /// <summary>Every connection is really opened and really closed: for probes and for locks that end with the session.</summary>
    public static NpgsqlDataSource Unpooled(DatabaseOptions options, string name) => Build(options, name + "-single", address =>
    {
        address.Pooling = false;
        address.Timeout = 5;
        address.Options = "-c timezone=UTC";
    });

    private static NpgsqlDataSource Build(DatabaseOptions options, string name, Action<NpgsqlConnectionStringBuilder> set)
    {
        var address = new NpgsqlConnectionStringBuilder(options.Address.ConnectionString)
        {
            ApplicationName = name,

            // The line for a connection is kept before the driver is asked; this one is about the handshake.
            Timeout = Math.Clamp((int)Math.Ceiling(options.AcquireTimeout.TotalSeconds), 5, 1024),
            CommandTimeout = Math.Clamp((int)Math.Ceiling(options.BreakerTimeout.TotalSeconds) + 1, 2, 600),
            CancellationTimeout = 500,
            ConnectionIdleLifetime = Math.Max(1, (int)options.IdleLifetime.TotalSeconds),
            ConnectionPruningInterval = Math.Clamp((int)Math.Ceiling(options.EvictInterval.TotalSeconds), 1, Math.Max(1, (int)options.IdleLifetime.TotalSeconds)),
            TcpKeepAlive = true,
        };
        set(address);
        var builder = new NpgsqlSlimDataSourceBuilder(address.ConnectionString) { Name = name };
        builder.EnableArrays();
        builder.EnableJsonTypes();
        builder.EnableTransportSecurity();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(options.LoadTypes));
        builder.ConfigureTracing(tracing => tracing
            .EnableFirstResponseEvent(false)
            .EnablePhysicalOpenTracing(false)
            .ConfigureCommandSpanNameProvider(static command => StatementName.Of(command.CommandText))
            .ConfigureBatchSpanNameProvider(static batch => StatementName.Of(batch)));
        return builder.Build();
    }
}
