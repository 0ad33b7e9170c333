using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Routing;

/// <summary>One branch of a routing tree.</summary>
/// <param name="Id">Where it stands; the same after a restart as long as the tree is.</param>
/// <param name="GroupBy">Null makes a group of every alert.</param>
internal sealed record Route(
    string Id,
    string Receiver,
    IReadOnlyList<LabelMatcher> Matchers,
    bool Continue,
    IReadOnlyList<string>? GroupBy,
    TimeSpan GroupWait,
    TimeSpan GroupInterval,
    TimeSpan RepeatInterval,
    IReadOnlyList<Route> Routes)
{
    /// <summary>
    /// The branches that take an alert: the deepest that fit, the first of each level unless it says to go on, and a branch itself
    /// when nothing below it fits.
    /// </summary>
    public IEnumerable<Route> Taking(LabelSet labels)
    {
        if (!Matchers.All(matcher => matcher.Accepts(labels)))
        {
            yield break;
        }

        var taken = false;
        foreach (var below in Routes)
        {
            var fits = false;
            foreach (var route in below.Taking(labels))
            {
                fits = true;
                yield return route;
            }

            taken |= fits;
            if (fits && !below.Continue)
            {
                break;
            }
        }

        if (!taken)
        {
            yield return this;
        }
    }

    public LabelSet GroupLabels(LabelSet labels) =>
        GroupBy is null ? labels : LabelSet.From(labels.Where(label => GroupBy.Contains(label.Name)).Select(label => KeyValuePair.Create(label.Name, label.Value)));
}
