namespace Slipway.Telemetry.Collecting;

internal sealed record ScrapeOptions
{
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public int BytesMax { get; init; } = 8 << 20;

    public int SamplesMax { get; init; } = 50_000;

    /// <summary>An instance nobody said anything about and that has no figures is asked again after so long.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How soon a new instance is noticed.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Scrapes under way at once.</summary>
    public int AtOnce { get; init; } = 8;
}
