namespace Slipway.Store;

/// <summary>Where the store's ids come from and how much of the past it keeps.</summary>
public sealed record StoreOptions
{
    public static StoreOptions Default { get; } = new();

    /// <summary>Makes the uid of a new object from the present time; UUIDv7 keeps the database's index compact.</summary>
    public Func<DateTimeOffset, Guid> NewId { get; init; } = Guid.CreateVersion7;

    /// <summary>Draws the suffix of generated names. Null takes one that nobody can guess.</summary>
    public Random? Random { get; init; }

    /// <summary>How long a writer waits for an answer, and how long an outage may last before writers are not kept waiting at all.</summary>
    public TimeSpan WriteWait { get; init; } = TimeSpan.FromSeconds(5);

    public int HistoryChanges { get; init; } = 100_000;

    public long HistoryBytes { get; init; } = 64 * 1024 * 1024;
}
