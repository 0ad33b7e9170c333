namespace Slipway.Telemetry.Metrics.Head;

internal sealed record HeadLimits(int SeriesMax, int SeriesPerSourceMax, long MemoryBytes, int ExemplarsMax, int MetadataMax, long RetentionMilliseconds)
{
    /// <summary>How far ahead of the clock a sample may be. A series further ahead was written before the clock was set back.</summary>
    public const long AheadMilliseconds = 600_000;

    public const int LabelsMax = 64;

    /// <summary>Names and values of a series together.</summary>
    public const int LabelCharactersMax = 16_384;
}
