using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Operators between two expressions of which one is a scalar, and the set operators.</summary>
internal sealed partial class Evaluator
{
    private GridValue EvaluateBinary(BinaryNode node, StepGrid grid)
    {
        var left = Evaluate(node.Left, grid);
        var right = Evaluate(node.Right, grid);
        return (left, right) switch
        {
            (ScalarGrid one, ScalarGrid other) => new ScalarGrid(Zip(one.Values, other.Values, node)),
            (VectorGrid vector, ScalarGrid scalar) => new VectorGrid(WithScalar(node, vector.Series, scalar.Values, scalarFirst: false)),
            (ScalarGrid scalar, VectorGrid vector) => new VectorGrid(WithScalar(node, vector.Series, scalar.Values, scalarFirst: true)),
            (VectorGrid one, VectorGrid other) when node.Operation.IsSet() => new VectorGrid(Combine(node, one.Series, other.Series, grid.Count)),
            (VectorGrid one, VectorGrid other) => new VectorGrid(Merged(new VectorMatch(node, budget, grid.Count).Combine(one.Series, other.Series))),
            _ => throw new EvaluationException("binary expression must contain only scalar and instant vector types"),
        };
    }

    private static double[] Zip(double[] left, double[] right, BinaryNode node)
    {
        var values = new double[left.Length];
        for (var step = 0; step < values.Length; step++)
        {
            values[step] = ElementOperations.Calculate(node.Operation, left[step], right[step]);
        }

        return values;
    }

    private List<GridSeries> WithScalar(BinaryNode node, IReadOnlyList<GridSeries> all, double[] scalars, bool scalarFirst)
    {
        var rows = Rows(all, (values, step) => scalarFirst
            ? ElementOperations.Combine(node, scalars[step], values[step], values[step])
            : ElementOperations.Combine(node, values[step], scalars[step], values[step]));
        return node.Operation.DropsName() || node.ReturnsBool ? WithoutNames(rows) : rows;
    }

    /// <summary>Set operators look only at which groups have any element at a step.</summary>
    private List<GridSeries> Combine(BinaryNode node, IReadOnlyList<GridSeries> left, IReadOnlyList<GridSeries> right, int steps)
    {
        var signatures = new MatchSignatures(node.Matching!);
        if (node.Operation != Operation.Or)
        {
            var there = Presence(right, signatures, steps);
            return [.. left.Select(series => Kept(series, there.GetValueOrDefault(signatures.Of(series.Labels)), whenThere: node.Operation == Operation.And))];
        }

        var taken = Presence(left, signatures, steps);
        return Merged([.. left, .. right.Select(series => Kept(series, taken.GetValueOrDefault(signatures.Of(series.Labels)), whenThere: false)).Where(series => series.HasValues)]);
    }

    private static Dictionary<MatchSignature, bool[]> Presence(IReadOnlyList<GridSeries> all, MatchSignatures signatures, int steps)
    {
        var presence = new Dictionary<MatchSignature, bool[]>();
        foreach (var series in all)
        {
            var signature = signatures.Of(series.Labels);
            if (!presence.TryGetValue(signature, out var there))
            {
                presence.Add(signature, there = new bool[steps]);
            }

            for (var step = 0; step < steps; step++)
            {
                there[step] |= !GridValue.IsAbsent(series.Values[step]);
            }
        }

        return presence;
    }

    private GridSeries Kept(GridSeries series, bool[]? there, bool whenThere)
    {
        if (there is null && !whenThere)
        {
            return series;
        }

        var row = budget.NewRow(series.Values.Length);
        for (var step = 0; there is not null && step < row.Length; step++)
        {
            row[step] = there[step] == whenThere ? series.Values[step] : GridValue.Absent;
        }

        return series with { Values = row };
    }
}
