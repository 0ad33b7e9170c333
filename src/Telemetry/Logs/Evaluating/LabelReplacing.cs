using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Language;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary><c>label_replace(…)</c>: a label made of what an expression finds in another one.</summary>
internal static class LabelReplacing
{
    public static List<StepSeries> Apply(LabelReplaceNode node, List<StepSeries> series) =>
        [.. series.Select(one => new StepSeries(Replace(node, one.Labels), one.Values))];

    private static LabelSet Replace(LabelReplaceNode node, LabelSet labels)
    {
        var match = node.Pattern.Match(labels[node.Source]);
        return match.Success ? labels.With(node.Target, match.Result(node.Replacement)) : labels;
    }
}
