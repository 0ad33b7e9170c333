using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Rules;

/// <summary>What is remembered of one rule between its evaluations. Written by the evaluation alone, read by everybody.</summary>
internal sealed class RuleMemory
{
    /// <summary>Replaced whole, so that readers see one moment.</summary>
    public volatile IReadOnlyList<AlertInstance> Instances = [];

    /// <summary>The series written last, so that those which end can be marked.</summary>
    public HashSet<LabelSet> Written { get; set; } = [];

    public string? Error { get; set; }

    public DateTimeOffset? EvaluatedAt { get; set; }

    public TimeSpan Took { get; set; }
}

internal sealed class GroupMemory(IReadOnlyList<RuleMemory> rules)
{
    public IReadOnlyList<RuleMemory> Rules { get; } = rules;

    public DateTimeOffset? EvaluatedAt { get; set; }

    public TimeSpan Took { get; set; }

    /// <summary>Evaluations that did not happen because the one before was still running.</summary>
    public long Missed { get; set; }
}
