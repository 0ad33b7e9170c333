namespace Slipway.Store.Archiving;

/// <summary>How far back the embedded PostgreSQL can be taken.</summary>
/// <param name="Days">Every moment of so many days can be gone back to; 0 keeps no archive.</param>
public sealed record ArchiveSettings(int Days)
{
    public const int DaysDefault = 7;
    public const int DaysMax = 35;

    public static ArchiveSettings Off { get; } = new(0);

    /// <summary>When the archive is larger, the oldest days go, down to the newest base.</summary>
    public long BytesMax { get; init; } = 8L << 30;

    /// <summary>A whole copy is made so often; what lies between is in the log.</summary>
    public TimeSpan BaseEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>So long after the start nothing is copied: people wait for other things then.</summary>
    public TimeSpan FirstBaseAfter { get; init; } = TimeSpan.FromMinutes(2);

    public bool IsOn => Days > 0;
}
