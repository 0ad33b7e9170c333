using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Language;
using Slipway.Telemetry.Logs.Pipeline;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>Which series a line or an element belongs to.</summary>
internal sealed class GroupKeys(Grouping? grouping, string? without = null)
{
    private readonly Dictionary<LabelSet, LabelSet> _known = [];

    public LabelSet Of(LineLabels labels)
    {
        if (!labels.Changed && without is null)
        {
            return Of(labels.Stream);
        }

        if (grouping is { Without: false })
        {
            return LabelSet.From(grouping.Names.Select(name => KeyValuePair.Create(name, labels.Get(name))));
        }

        return LabelSet.From(labels.All().Where(label => label.Key != without && grouping?.Names.Contains(label.Key) != true));
    }

    public LabelSet Of(LabelSet labels)
    {
        if (grouping is null)
        {
            return labels;
        }

        if (!_known.TryGetValue(labels, out var key))
        {
            key = LabelSet.From(labels
                .Where(label => grouping.Names.Contains(label.Name) != grouping.Without)
                .Select(label => KeyValuePair.Create(label.Name, label.Value)));
            _known.Add(labels, key);
        }

        return key;
    }
}
