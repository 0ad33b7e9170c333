using Slipway.Model.Resources;

namespace Slipway.Model.Monitoring;

/// <summary>Expressions that are evaluated again and again: to record what they come to, or to alert.</summary>
public sealed record PrometheusRuleSpec
{
    public List<RuleGroupSpec> Groups { get; set; } = [];
}

public sealed record RuleGroupSpec
{
    public string Name { get; set; } = "";

    public string? Interval { get; set; }

    /// <summary>Evaluates as of so long ago, for series that arrive late.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("query_offset")]
    public string? QueryOffset { get; set; }

    /// <summary>A rule that comes to more alerts or series than this fails; zero stands for the installation's own bound.</summary>
    public int? Limit { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public List<RuleSpec>? Rules { get; set; }
}

/// <summary>Either <see cref="Alert"/> or <see cref="Record"/> is set.</summary>
public sealed record RuleSpec
{
    public string? Alert { get; set; }

    public string? Record { get; set; }

    public string Expr { get; set; } = "";

    public string? For { get; set; }

    [System.Text.Json.Serialization.JsonPropertyName("keep_firing_for")]
    public string? KeepFiringFor { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }
}

public sealed record PrometheusRuleStatus
{
    public long ObservedGeneration { get; set; }

    public List<Condition> Conditions { get; set; } = [];

    public int Rules { get; set; }

    public int Groups { get; set; }
}
