using Npgsql;

namespace Slipway.Sdk.Database;

/// <summary>How a service uses its database. The defaults are those of the settings with the same meaning.</summary>
public sealed class DatabaseOptions
{
    public NpgsqlConnectionStringBuilder Address { get; set; } = [];

    /// <summary>Calls that may use the database at the same moment; each holds one connection.</summary>
    public int PoolMax { get; set; } = 50;

    public int PoolMin { get; set; } = 5;

    /// <summary>How long a call may wait for its connection before it is refused as busy.</summary>
    public TimeSpan AcquireTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the pool looks for connections that have been idle long enough.</summary>
    public TimeSpan EvictInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections <see cref="Database.Source"/> may hold beside the pool of calls: listeners, bulk loads.</summary>
    public int SourceMax { get; set; } = 8;

    /// <summary>Without it calls still end at <see cref="BreakerTimeout"/>, but none is refused because others failed.</summary>
    public bool BreakerOn { get; set; } = true;

    /// <summary>How long one call may take, everything included.</summary>
    public TimeSpan BreakerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The share of failed calls within <see cref="BreakerWindow"/> that opens the breaker.</summary>
    public int BreakerErrorPercent { get; set; } = 50;

    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Fewer calls than this within the window say nothing about the database.</summary>
    public int BreakerCallsMin { get; set; } = 5;

    /// <summary>How long the breaker stays open before a single call may try.</summary>
    public TimeSpan BreakerReset { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often an open breaker looks by itself whether the database is back, so that a restart of two seconds does not cost
    /// <see cref="BreakerReset"/>. Zero leaves it to the half-open call alone.
    /// </summary>
    public TimeSpan BreakerProbe { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Migrate before the first call is let through; otherwise wait until the verb <c>migrate</c> has done so.</summary>
    public bool MigrateOnStart { get; set; }

    /// <summary>Load the server's own types at the first connection: only needed for enumerations and extension types.</summary>
    public bool LoadTypes { get; set; }
}
