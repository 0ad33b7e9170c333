using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary>The rules that are evaluated and what they came to last.</summary>
public interface IRuleBook
{
    IReadOnlyList<RuleGroupView> Groups();
}

/// <param name="File">Where the group came from.</param>
/// <param name="LastEvaluation">Null until it was evaluated for the first time.</param>
public sealed record RuleGroupView(
    string Name, string File, TimeSpan Interval, IReadOnlyList<RuleView> Rules, TimeSpan EvaluationTime, DateTimeOffset? LastEvaluation);

/// <param name="Health"><c>ok</c>, <c>err</c> or <c>unknown</c>.</param>
/// <param name="Alerting">Null for a rule that records a series.</param>
public sealed record RuleView(
    string Name, string Query, LabelSet Labels, string Health, string LastError, TimeSpan EvaluationTime, DateTimeOffset? LastEvaluation, AlertingView? Alerting);

/// <param name="State"><c>inactive</c>, <c>pending</c> or <c>firing</c>.</param>
public sealed record AlertingView(
    string State, TimeSpan For, TimeSpan KeepFiringFor, IReadOnlyDictionary<string, string> Annotations, IReadOnlyList<AlertView> Alerts);

/// <param name="State"><c>pending</c> or <c>firing</c>.</param>
public sealed record AlertView(
    LabelSet Labels, IReadOnlyDictionary<string, string> Annotations, string State, DateTimeOffset ActiveAt, double Value);
