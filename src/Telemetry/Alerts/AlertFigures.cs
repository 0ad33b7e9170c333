namespace Slipway.Telemetry.Alerts;

/// <summary>A figure of the alerts with the name it is told under.</summary>
public sealed record AlertFigure(string Name, string Help, bool IsCounter, Func<double> Read);

/// <summary>What the alerts tell about themselves; rules and dashboards use these names.</summary>
public static class AlertFigures
{
    public static IReadOnlyList<AlertFigure> Of(AlertEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return
        [
            new("slipway_alert_evaluations_total", "Groups of rules that were evaluated.", true, () => engine.Evaluations),
            new("slipway_alert_evaluations_missed_total", "Evaluations that did not happen in time.", true, () => engine.EvaluationsMissed),
            new("slipway_alert_rules_failed_total", "Evaluations of single rules that failed.", true, () => engine.RulesFailed),
            new("slipway_alert_firing", "Alerts that fire.", false, () => engine.AlertsFiring),
            new("slipway_alert_notices_waiting", "Messages that wait for their receiver.", false, () => engine.NoticesWaiting),
            new("slipway_alert_notices_delivered_total", "Messages receivers took.", true, () => engine.NoticesDelivered),
            new("slipway_alert_notices_failed_total", "Attempts to deliver that failed.", true, () => engine.NoticesFailed),
            new("slipway_alert_notices_dropped_total", "Messages that gave way because too many waited.", true, () => engine.NoticesDropped),
            new("slipway_alert_notices_given_up_total", "Messages nobody took for as long as is tried.", true, () => engine.NoticesGivenUp),
            new("slipway_alert_notices_ownerless_total", "Messages whose receiver was taken away.", true, () => engine.NoticesOwnerless),
        ];
    }
}
