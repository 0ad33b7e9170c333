namespace Slipway.Telemetry.Metrics;

/// <param name="Value">Empty when a name alone is counted.</param>
public readonly record struct LabelCount(string Name, string Value, long Count);

/// <summary>What is in memory and on disk, and which names and labels take most of it.</summary>
public sealed record MetricStoreStatus
{
    public required int Series { get; init; }

    public required long Chunks { get; init; }

    /// <summary>Distinct names and pairs of labels in memory.</summary>
    public required int LabelNames { get; init; }

    /// <summary>Milliseconds since 1970; 0 if nothing is in memory.</summary>
    public required long OldestInMemory { get; init; }

    public required long Newest { get; init; }

    /// <summary>Of all that is kept.</summary>
    public required long Oldest { get; init; }

    public required int Blocks { get; init; }

    public required long DiskBytes { get; init; }

    public required long MemoryBytes { get; init; }

    public required IReadOnlyList<LabelCount> SeriesByMetric { get; init; }

    public required IReadOnlyList<LabelCount> SeriesByLabel { get; init; }

    /// <summary>How many values a label has.</summary>
    public required IReadOnlyList<LabelCount> ValuesByLabelName { get; init; }

    public required IReadOnlyList<LabelCount> BytesByLabelName { get; init; }

    public required IReadOnlyList<LabelCount> SeriesBySource { get; init; }
}
