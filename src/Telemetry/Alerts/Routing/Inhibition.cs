using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Routing;

/// <summary>Alerts that say nothing while others fire.</summary>
internal sealed record Inhibition(IReadOnlyList<LabelMatcher> Source, IReadOnlyList<LabelMatcher> Target, IReadOnlyList<string> Equal)
{
    /// <summary>The firing alert because of which this one is not told, if there is one.</summary>
    public Alert? InhibitorOf(LabelSet labels, IEnumerable<Alert> firing)
    {
        if (!Target.All(matcher => matcher.Accepts(labels)))
        {
            return null;
        }

        // An alert that is on both sides must not silence itself or its like, or the last of them would never be told.
        var onBothSides = Source.All(matcher => matcher.Accepts(labels));
        return firing.FirstOrDefault(source =>
            Source.All(matcher => matcher.Accepts(source.Labels))
            && !(onBothSides && Target.All(matcher => matcher.Accepts(source.Labels)))
            && Equal.All(name => source.Labels[name] == labels[name])
            && !source.Labels.Equals(labels));
    }
}
