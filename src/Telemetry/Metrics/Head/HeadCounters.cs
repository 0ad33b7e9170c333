namespace Slipway.Telemetry.Metrics.Head;

/// <summary>What happened to samples since the start. Written under the lock of the head.</summary>
internal sealed class HeadCounters
{
    public long Stored;
    public long OutOfOrder;
    public long OutOfBounds;
    public long Refused;
    public long RefusedBySource;
    public long Dropped;
    public long Unsecured;
    public long SeriesCreated;
    public long SeriesRemoved;
}
