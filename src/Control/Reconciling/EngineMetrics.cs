using System.Diagnostics.Metrics;

namespace Slipway.Control.Reconciling;

/// <summary>What the reconcilers tell about themselves: how often, how long, with what result.</summary>
internal static class EngineMetrics
{
    public const string MeterName = "Slipway.Control";

    private static readonly Meter s_meter = new(MeterName);

    private static readonly Counter<long> s_runs =
        s_meter.CreateCounter<long>("slipway.reconcile.runs", description: "Looks at one object, by reconciler and outcome.");

    private static readonly Histogram<double> s_seconds =
        s_meter.CreateHistogram<double>("slipway.reconcile.duration", "s", "Time of one look at one object.");

    private static readonly Counter<long> s_resyncs =
        s_meter.CreateCounter<long>("slipway.reconcile.resyncs", description: "Times all keys of a reconciler were looked at again, by cause.");

    public static void Ran(string reconciler, string outcome, TimeSpan took)
    {
        s_runs.Add(1, new("reconciler", reconciler), new KeyValuePair<string, object?>("outcome", outcome));
        s_seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("reconciler", reconciler));
    }

    public static void Resynced(string cause) => s_resyncs.Add(1, new KeyValuePair<string, object?>("cause", cause));
}
