using Slipway.Telemetry.Alerts.Templates;

namespace Slipway.Telemetry.Alerts.Rules;

/// <summary>Rules that are evaluated together, one after the other, at one interval.</summary>
/// <param name="Key"><c>namespace/resource/group</c>: once in the installation.</param>
/// <param name="OnLogs">Its expressions are LogQL.</param>
internal sealed record RuleGroup(
    string Key,
    string Namespace,
    string Resource,
    string Name,
    TimeSpan Interval,
    TimeSpan Offset,
    int Limit,
    bool OnLogs,
    IReadOnlyList<Rule> Rules)
{
    /// <summary>Changes when anything about the group does, so that an unchanged one keeps what it remembers.</summary>
    public required string Text { get; init; }
}

/// <param name="Id">Tells it from every other rule and is the same after a restart.</param>
internal abstract record Rule(string Id, string Name, string Expression, IReadOnlyDictionary<string, string> LabelTexts);

internal sealed record RecordRule(string Id, string Name, string Expression, IReadOnlyDictionary<string, string> LabelTexts)
    : Rule(Id, Name, Expression, LabelTexts);

internal sealed record AlertRule(
    string Id,
    string Name,
    string Expression,
    TimeSpan For,
    TimeSpan KeepFiringFor,
    IReadOnlyDictionary<string, string> LabelTexts,
    IReadOnlyDictionary<string, string> AnnotationTexts)
    : Rule(Id, Name, Expression, LabelTexts)
{
    public required IReadOnlyDictionary<string, Template> Labels { get; init; }

    public required IReadOnlyDictionary<string, Template> Annotations { get; init; }
}
