using Slipway.Telemetry.Alerts;
using Slipway.Telemetry.Doors.Prometheus;

namespace Slipway.Telemetry.Parts;

/// <summary>The rules as Prometheus tells them; the alerts do not know that door.</summary>
internal sealed class RuleBook(Func<AlertBook?> book) : IRuleBook
{
    public IReadOnlyList<Doors.Prometheus.RuleGroupView> Groups() => [.. book()?.Groups().Select(Show) ?? []];

    private static Doors.Prometheus.RuleGroupView Show(Alerts.RuleGroupView group) =>
        new(group.Name, group.File, group.Interval, [.. group.Rules.Select(Show)], group.EvaluationTook, group.EvaluatedAt);

    private static Doors.Prometheus.RuleView Show(Alerts.RuleView rule) => new(
        rule.Name,
        rule.Expression,
        Labels.LabelSet.From(rule.Labels),
        rule.Health,
        rule.Error ?? "",
        rule.EvaluationTook,
        rule.EvaluatedAt,
        rule.IsAlert ? new AlertingView(rule.State, rule.For, rule.KeepFiringFor, rule.Annotations, [.. rule.Alerts.Select(Show)]) : null);

    private static AlertView Show(RuleAlertView alert) =>
        new(alert.Labels, alert.Annotations, alert.IsFiring ? "firing" : "pending", alert.ActiveAt, alert.Value);
}
