using Slipway.Telemetry.Alerts.Rules;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts;

/// <summary>What the rules are and what they came to last, for those who show it.</summary>
/// <param name="File">The resource: <c>namespace/name</c>.</param>
public sealed record RuleGroupView(
    string Name,
    string File,
    TimeSpan Interval,
    int Limit,
    DateTimeOffset? EvaluatedAt,
    TimeSpan EvaluationTook,
    long Missed,
    IReadOnlyList<RuleView> Rules);

/// <param name="IsAlert">False for rules that record.</param>
/// <param name="Error">What went wrong last; null when nothing did.</param>
public sealed record RuleView(
    bool IsAlert,
    string Name,
    string Expression,
    TimeSpan For,
    TimeSpan KeepFiringFor,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    string? Error,
    DateTimeOffset? EvaluatedAt,
    TimeSpan EvaluationTook,
    IReadOnlyList<RuleAlertView> Alerts)
{
    /// <summary><c>ok</c>, <c>err</c> or <c>unknown</c>.</summary>
    public string Health => EvaluatedAt is null ? "unknown" : Error is null ? "ok" : "err";

    /// <summary><c>firing</c>, <c>pending</c> or <c>inactive</c>: the worst of its alerts.</summary>
    public string State =>
        Alerts.Any(alert => alert.IsFiring) ? "firing" : Alerts.Count > 0 ? "pending" : "inactive";
}

/// <summary>An alert of a rule that is pending or firing.</summary>
public sealed record RuleAlertView(
    LabelSet Labels,
    IReadOnlyDictionary<string, string> Annotations,
    bool IsFiring,
    DateTimeOffset ActiveAt,
    DateTimeOffset? KeepFiringSince,
    double Value);

/// <summary>Rules and alerts as they are at the moment: what Prometheus tells at <c>/api/v1/rules</c> and <c>/api/v1/alerts</c>.</summary>
public sealed class AlertBook
{
    private readonly RuleRoom _rules;

    internal AlertBook(RuleRoom rules) => _rules = rules;

    public IReadOnlyList<RuleGroupView> Groups() =>
    [
        .. _rules.Running.OrderBy(running => running.Group.Key, StringComparer.Ordinal).Select(running => new RuleGroupView(
            running.Group.Name,
            $"{running.Group.Namespace}/{running.Group.Resource}",
            running.Group.Interval,
            running.Group.Limit,
            running.Memory.EvaluatedAt,
            running.Memory.Took,
            running.Memory.Missed,
            [.. running.Group.Rules.Select((rule, index) => View(rule, running.Memory.Rules[index]))])),
    ];

    public IReadOnlyList<RuleAlertView> Alerts() => [.. Groups().SelectMany(group => group.Rules).SelectMany(rule => rule.Alerts)];

    private static RuleView View(Rule rule, RuleMemory memory) => new(
        rule is AlertRule,
        rule.Name,
        rule.Expression,
        (rule as AlertRule)?.For ?? TimeSpan.Zero,
        (rule as AlertRule)?.KeepFiringFor ?? TimeSpan.Zero,
        rule.LabelTexts,
        (rule as AlertRule)?.AnnotationTexts ?? new Dictionary<string, string>(),
        memory.Error,
        memory.EvaluatedAt,
        memory.Took,
        [
            .. memory.Instances.Where(instance => instance.Phase != AlertPhase.Resolved).Select(instance => new RuleAlertView(
                instance.Labels,
                instance.Annotations,
                instance.Phase == AlertPhase.Firing,
                DateTimeOffset.FromUnixTimeMilliseconds(instance.ActiveAt),
                instance.KeptSince is { } since ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null,
                instance.Value)),
        ]);
}
