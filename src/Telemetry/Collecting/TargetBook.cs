using Slipway.Telemetry.Doors.Prometheus;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Collecting;

/// <summary>What is scraped, as Prometheus tells it. Instances without figures are none of its targets.</summary>
internal sealed class TargetBook(Scraper scraper, ScrapeOptions options) : ITargetBook
{
    public IReadOnlyList<TargetView> Targets() =>
    [
        .. scraper.Targets.Where(state => state.Health != TargetHealth.Silent).Select(state => new TargetView(
            LabelSet.Of(
                ("instance", state.Target.Instance), ("job", state.Target.Service), ("namespace", state.Target.Namespace),
                ("revision", state.Target.Revision), ("service", state.Target.Service)),
            state.Target.Service,
            state.Target.Url,
            state.Health switch { TargetHealth.Up => "up", TargetHealth.Down => "down", _ => "unknown" },
            state.LastError ?? "",
            state.LastScrape,
            TimeSpan.FromSeconds(state.LastSeconds),
            options.Interval,
            options.Timeout)),
    ];
}
