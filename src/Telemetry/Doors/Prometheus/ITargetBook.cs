using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary>What is scraped, and how that went.</summary>
public interface ITargetBook
{
    IReadOnlyList<TargetView> Targets();
}

/// <param name="Pool">The job it belongs to.</param>
/// <param name="Health"><c>up</c>, <c>down</c> or <c>unknown</c>.</param>
/// <param name="LastScrape">Null until it was scraped for the first time.</param>
public sealed record TargetView(
    LabelSet Labels, string Pool, Uri Url, string Health, string LastError, DateTimeOffset? LastScrape, TimeSpan LastDuration, TimeSpan Interval, TimeSpan Timeout);
