using Slipway.Model.Resources;

namespace Slipway.Eventing.Brokers;

/// <summary>Claims about one object, summed up in Ready; a claim that says the same as before keeps its time.</summary>
internal sealed class Conditions(IReadOnlyList<Condition>? former, DateTimeOffset now)
{
    private readonly List<Condition> _next = [];

    public void True(string type) => Add(type, ConditionStatus.True, null, null);

    /// <param name="severity">With one, the claim does not count towards Ready.</param>
    public void False(string type, string reason, string message, string? severity = null) => Add(type, ConditionStatus.False, reason, message, severity);

    public void Unknown(string type, string reason, string message) => Add(type, ConditionStatus.Unknown, reason, message);

    public List<Condition> Summed()
    {
        var counting = _next.Where(condition => condition.Severity is null).ToList();
        var decisive = counting.Find(condition => condition.Status == ConditionStatus.False) ?? counting.Find(condition => condition.Status == ConditionStatus.Unknown);
        Add("Ready", decisive?.Status ?? ConditionStatus.True, decisive?.Reason, decisive?.Message);
        return [.. _next.OrderBy(condition => condition.Type, StringComparer.Ordinal)];
    }

    private void Add(string type, string status, string? reason, string? message, string? severity = null)
    {
        var before = former?.FirstOrDefault(condition => condition.Type == type);
        var says = new Condition { Type = type, Status = status, Severity = severity, Reason = reason, Message = message, LastTransitionTime = before?.LastTransitionTime };
        _next.Add(before is not null && says == before ? before : says with { LastTransitionTime = now });
    }
}
