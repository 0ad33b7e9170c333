using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.PromQl;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary>What the door asks.</summary>
public sealed record PrometheusApiServices(PromQlEngine Engine, ISeriesReader Series, IRuleBook Rules, ITargetBook Targets, TimeProvider Time)
{
    /// <summary>How long samples are kept, for those who ask.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(15);

    /// <summary>The version of this platform.</summary>
    public string Version { get; init; } = "";

    /// <summary>Questions answered at once; each may take a core.</summary>
    public int QueriesAtOnceMax { get; init; } = 4;

    /// <summary>Questions that wait for their turn; one more is refused.</summary>
    public int QueriesWaitingMax { get; init; } = 64;
}
