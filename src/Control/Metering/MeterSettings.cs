namespace Slipway.Control.Metering;

/// <summary>How often is measured, and how much is kept.</summary>
public sealed record MeterSettings
{
    /// <summary>Between two measurements; a crash loses no more than this of traffic, and nothing of processor time.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(35);

    public TimeSpan CleaningInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Rows held while the database does not answer; beyond, neighbouring rows are merged into longer intervals.</summary>
    public int BufferedRowsMax { get; init; } = 20_000;

    public int RowsPerWrite { get; init; } = 2_000;

    /// <summary>No call to the database takes longer.</summary>
    public TimeSpan DatabaseTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
