using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>
/// Arithmetic and comparison between two vectors: finds for every series of the many side the one of the other side and combines
/// them. Whether there is only one is a question of each step, for series come and go.
/// </summary>
internal sealed class VectorMatch(BinaryNode node, QueryBudget budget, int steps)
{
    private readonly Matching _matching = node.Matching!;
    private readonly bool _swapped = node.Matching!.Grouping == Grouping.OneToMany;

    public List<GridSeries> Combine(IReadOnlyList<GridSeries> left, IReadOnlyList<GridSeries> right)
    {
        var results = new List<GridSeries>();
        if (left.Count == 0 || right.Count == 0)
        {
            return results;
        }

        var (many, one) = _swapped ? (right, left) : (left, right);
        var signatures = new MatchSignatures(_matching);
        var ones = one.GroupBy(series => signatures.Of(series.Labels)).ToDictionary(group => group.Key, group => group.ToList());
        CheckOnes(ones, many);
        var made = new Dictionary<MatchSignature, List<GridSeries>>();
        foreach (var series in many)
        {
            var signature = signatures.Of(series.Labels);
            if (!ones.TryGetValue(signature, out var partners))
            {
                continue;
            }

            budget.Check();
            foreach (var partner in partners)
            {
                var row = new GridSeries(ResultLabels(series.Labels, partner.Labels), budget.NewRow(steps));
                CombineRow(series.Values, partner.Values, row.Values);
                if (!row.HasValues)
                {
                    continue;
                }

                if (!made.TryGetValue(signature, out var siblings))
                {
                    made.Add(signature, siblings = []);
                }

                CheckSiblings(siblings, row);
                siblings.Add(row);
                results.Add(row);
            }
        }

        return results;
    }

    private void CombineRow(double[] many, double[] one, double[] values)
    {
        for (var step = 0; step < values.Length; step++)
        {
            if (!GridValue.IsAbsent(many[step]) && !GridValue.IsAbsent(one[step]))
            {
                var (left, right) = _swapped ? (one[step], many[step]) : (many[step], one[step]);
                values[step] = ElementOperations.Combine(node, left, right, left);
            }
        }
    }

    private void CheckOnes(Dictionary<MatchSignature, List<GridSeries>> ones, IReadOnlyList<GridSeries> many)
    {
        foreach (var (_, group) in ones.Where(entry => entry.Value.Count > 1))
        {
            for (var step = 0; step < steps; step++)
            {
                GridSeries? found = null;
                foreach (var series in group)
                {
                    if (GridValue.IsAbsent(series.Values[step]))
                    {
                        continue;
                    }

                    // Where the other side has nothing at all there is nothing to be mistaken about.
                    if (found is not null && many.Any(other => !GridValue.IsAbsent(other.Values[step])))
                    {
                        throw Ambiguous(found.Labels, series.Labels);
                    }

                    found = series;
                }
            }
        }
    }

    private EvaluationException Ambiguous(LabelSet first, LabelSet second)
    {
        var group = new MatchSignatures(_matching).Of(second).Labels;
        return new EvaluationException($"found duplicate series for the match group {group} on the {(_swapped ? "left" : "right")} hand-side of the operation: "
            + $"[{second}, {first}];many-to-many matching not allowed: matching labels must be unique on one side");
    }

    private void CheckSiblings(List<GridSeries> siblings, GridSeries row)
    {
        foreach (var sibling in siblings)
        {
            if (_matching.Grouping != Grouping.OneToOne && !sibling.Labels.Equals(row.Labels))
            {
                continue;
            }

            for (var step = 0; step < steps; step++)
            {
                if (!GridValue.IsAbsent(sibling.Values[step]) && !GridValue.IsAbsent(row.Values[step]))
                {
                    throw new EvaluationException(_matching.Grouping == Grouping.OneToOne
                        ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                        : "multiple matches for labels: grouping labels must ensure unique matches");
                }
            }
        }
    }

    private LabelSet ResultLabels(LabelSet many, LabelSet one)
    {
        var labels = node.Operation.DropsName() || node.ReturnsBool ? many.Without(LabelSet.MetricName) : many;
        if (_matching.Grouping == Grouping.OneToOne)
        {
            labels = LabelSet.From(labels.Where(label => _matching.Labels.Contains(label.Name) == _matching.On).Select(label => KeyValuePair.Create(label.Name, label.Value)));
        }

        foreach (var name in _matching.Include)
        {
            labels = one[name].Length > 0 ? labels.With(name, one[name]) : labels.Without(name);
        }

        return labels;
    }
}
