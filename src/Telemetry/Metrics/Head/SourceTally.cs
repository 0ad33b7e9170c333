namespace Slipway.Telemetry.Metrics.Head;

/// <summary>How many series a source has in memory.</summary>
internal sealed class SourceTally(string name)
{
    public string Name { get; } = name;

    public int Series { get; set; }
}
