using Slipway.Model.Resources;

namespace Slipway.Control.Conditions;

/// <summary>
/// The conditions of one object while a new status is computed. Ready follows from the terminal ones: any False makes it
/// False with that reason, else any Unknown or missing one makes it Unknown, else it is True. A condition keeps its
/// transition time as long as it says the same.
/// </summary>
internal sealed class ConditionSet(IEnumerable<Condition>? current, IReadOnlyList<string> terminal, DateTimeOffset now)
{
    public const string Ready = "Ready";
    public const string Info = "Info";

    private readonly Dictionary<string, Condition> _former =
        (current ?? []).GroupBy(condition => condition.Type).ToDictionary(same => same.Key, same => same.Last());

    private readonly Dictionary<string, Condition> _next = [];

    public Condition? Former(string type) => _former.GetValueOrDefault(type);

    public ConditionSet True(string type, string? reason = null, string? message = null, string? severity = null) =>
        Set(type, ConditionStatus.True, reason, message, severity);

    public ConditionSet Unknown(string type, string? reason = null, string? message = null, string? severity = null) =>
        Set(type, ConditionStatus.Unknown, reason, message, severity);

    public ConditionSet False(string type, string reason, string message, string? severity = null) =>
        Set(type, ConditionStatus.False, reason, message, severity);

    /// <summary>Keeps what was said before, or Unknown when nothing was.</summary>
    public ConditionSet Keep(string type, string? severity = null)
    {
        if (_former.TryGetValue(type, out var former))
        {
            _next[type] = former;
            return this;
        }

        return Unknown(type, severity: severity);
    }

    /// <summary>Says what another object's condition says.</summary>
    public ConditionSet Copy(string type, Condition? source) =>
        source is null ? Unknown(type) : Set(type, source.Status, source.Reason, source.Message, null);

    public bool IsTrue(string type) => _next.GetValueOrDefault(type)?.Status == ConditionStatus.True;

    /// <summary>All conditions with Ready, sorted by type.</summary>
    public List<Condition> Build()
    {
        if (terminal.Count > 0)
        {
            SummariseReady();
        }

        return [.. _next.Values.OrderBy(condition => condition.Type, StringComparer.Ordinal)];
    }

    private void SummariseReady()
    {
        var states = terminal.Select(type => _next.GetValueOrDefault(type)).ToList();
        var decisive = states.FirstOrDefault(state => state?.Status == ConditionStatus.False);
        if (decisive is not null)
        {
            Set(Ready, ConditionStatus.False, decisive.Reason, decisive.Message, null);
            return;
        }

        if (states.Any(state => state is null || state.Status == ConditionStatus.Unknown))
        {
            var open = states.FirstOrDefault(state => state?.Status == ConditionStatus.Unknown);
            Set(Ready, ConditionStatus.Unknown, open?.Reason, open?.Message, null);
            return;
        }

        Set(Ready, ConditionStatus.True, null, null, null);
    }

    private ConditionSet Set(string type, string status, string? reason, string? message, string? severity)
    {
        var says = new Condition { Type = type, Status = status, Reason = reason, Message = message, Severity = severity };
        _next[type] = _former.TryGetValue(type, out var former)
            && says with { LastTransitionTime = former.LastTransitionTime } == former
            ? former
            : says with { LastTransitionTime = now };
        return this;
    }
}
