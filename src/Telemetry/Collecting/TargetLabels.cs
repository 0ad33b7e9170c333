using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Collecting;

/// <summary>
/// Gives series of a scrape the labels that say whom they come from. What the program itself calls so keeps its value as
/// <c>exported_…</c> where it says something else. Remembers its answers, since the same series come at every scrape.
/// </summary>
internal sealed class TargetLabels
{
    private readonly (string Name, string Value)[] _own;
    private Dictionary<LabelSet, LabelSet> _known = [];
    private Dictionary<LabelSet, LabelSet> _next = [];

    public TargetLabels(params (string Name, string Value)[] own) => _own = own;

    public static TargetLabels Of(ScrapeTarget target) => new(
        ("instance", target.Instance), ("job", target.Service), ("namespace", target.Namespace), ("revision", target.Revision), ("service", target.Service));

    public LabelSet Of(string metric) => Labelled(LabelSet.Of((LabelSet.MetricName, metric)));

    public LabelSet For(LabelSet scraped)
    {
        if (_next.TryGetValue(scraped, out var labelled))
        {
            return labelled;
        }

        labelled = _known.TryGetValue(scraped, out var known) ? known : Labelled(scraped);
        _next[scraped] = labelled;
        return labelled;
    }

    /// <summary>After a scrape: forgets the series that did not come any more.</summary>
    public void Turn()
    {
        (_known, _next) = (_next, _known);
        _next.Clear();
    }

    private LabelSet Labelled(LabelSet scraped)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in scraped)
        {
            labels[label.Name] = label.Value;
        }

        foreach (var (name, value) in _own)
        {
            if (labels.TryGetValue(name, out var said) && said != value)
            {
                var exported = "exported_" + name;
                while (labels.ContainsKey(exported))
                {
                    exported = "exported_" + exported;
                }

                labels[exported] = said;
            }

            labels[name] = value;
        }

        return LabelSet.From(labels);
    }
}
