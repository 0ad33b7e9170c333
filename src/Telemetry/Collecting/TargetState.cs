namespace Slipway.Telemetry.Collecting;

public enum TargetHealth
{
    Unknown,
    Up,
    Down,

    /// <summary>It has no figures and nobody said it should.</summary>
    Silent,
}

/// <summary>How the last scrape of a target went, for people who wonder where their figures are.</summary>
public sealed record TargetState(ScrapeTarget Target, TargetHealth Health, DateTimeOffset? LastScrape, double LastSeconds, int LastSamples, string? LastError);
