using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>The labels in which two elements must agree to be matched or to fall into one group.</summary>
internal readonly record struct MatchSignature(LabelSet Labels);

internal sealed class MatchSignatures
{
    private readonly HashSet<string> _named;
    private readonly bool _keep;

    /// <param name="keep">The names are those that count; otherwise those that do not, the metric's name among them.</param>
    public MatchSignatures(IReadOnlyList<string> names, bool keep)
    {
        _keep = keep;
        _named = new HashSet<string>(names, StringComparer.Ordinal);
        if (!keep)
        {
            _named.Add(LabelSet.MetricName);
        }
    }

    public MatchSignatures(Matching matching)
        : this(matching.Labels, matching.On)
    {
    }

    public MatchSignature Of(LabelSet labels)
    {
        if (_keep && _named.Count == 0)
        {
            return new MatchSignature(LabelSet.Empty);
        }

        var kept = new List<KeyValuePair<string, string>>(labels.Count);
        for (var index = 0; index < labels.Count; index++)
        {
            if (_named.Contains(labels[index].Name) == _keep)
            {
                kept.Add(KeyValuePair.Create(labels[index].Name, labels[index].Value));
            }
        }

        return new MatchSignature(kept.Count == labels.Count ? labels : LabelSet.From(kept));
    }
}
