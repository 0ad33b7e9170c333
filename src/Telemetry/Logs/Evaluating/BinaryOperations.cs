using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Language;
using Slipway.Telemetry.Logs.Reading;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>Arithmetic, comparisons and set operations between numbers and vectors.</summary>
internal static class BinaryOperations
{
    public static Evaluated Apply(BinaryNode node, Evaluated left, Evaluated right, int steps)
    {
        if (left.IsNumber && right.IsNumber)
        {
            return Evaluated.Of(Numbers(node, left.Numbers!, right.Numbers!));
        }

        if (node.Operator is "and" or "or" or "unless")
        {
            return Evaluated.Of(Sets(node, left.Series, right.Series, steps));
        }

        if (left.IsNumber || right.IsNumber)
        {
            return Evaluated.Of(WithNumber(node, left, right));
        }

        return Evaluated.Of(Vectors(node, left.Series, right.Series));
    }

    private static double[] Numbers(BinaryNode node, double[] left, double[] right)
    {
        var result = new double[left.Length];
        for (var step = 0; step < result.Length; step++)
        {
            result[step] = Compares(node.Operator)
                ? (Holds(node.Operator, left[step], right[step]) ? 1 : 0)
                : Calculate(node.Operator, left[step], right[step]);
        }

        return result;
    }

    private static List<StepSeries> WithNumber(BinaryNode node, Evaluated left, Evaluated right)
    {
        var numbers = left.Numbers ?? right.Numbers!;
        var result = new List<StepSeries>();
        foreach (var series in left.IsNumber ? right.Series : left.Series)
        {
            var values = new double[numbers.Length];
            for (var step = 0; step < values.Length; step++)
            {
                var value = series.Values[step];
                var (first, second) = left.IsNumber ? (numbers[step], value) : (value, numbers[step]);
                values[step] = StepSeries.IsAbsent(value) ? value : One(node, first, second, kept: value);
            }

            Add(result, series.Labels, values);
        }

        return result;
    }

    private static List<StepSeries> Vectors(BinaryNode node, List<StepSeries> left, List<StepSeries> right)
    {
        var others = new Dictionary<LabelSet, StepSeries>();
        foreach (var series in right)
        {
            if (!others.TryAdd(Key(node.Matching, series.Labels), series))
            {
                throw Ambiguous(node, "right");
            }
        }

        var result = new List<StepSeries>();
        var used = new HashSet<LabelSet>();
        foreach (var series in left)
        {
            var key = Key(node.Matching, series.Labels);
            if (!others.TryGetValue(key, out var other))
            {
                continue;
            }

            if (!used.Add(key))
            {
                throw Ambiguous(node, "left");
            }

            var values = new double[series.Values.Length];
            for (var step = 0; step < values.Length; step++)
            {
                var (first, second) = (series.Values[step], other.Values[step]);
                values[step] = StepSeries.IsAbsent(first) || StepSeries.IsAbsent(second) ? StepSeries.Absent : One(node, first, second, kept: first);
            }

            Add(result, Compares(node.Operator) && !node.Bool ? series.Labels : key, values);
        }

        return result;
    }

    private static QueryStoppedException Ambiguous(BinaryNode node, string side) => new(new Failure(
        FailureKind.Invalid, "bad-expression",
        $"several elements on the {side} side of '{node.Operator}' belong together; name the labels that tell them apart with on(…), or take a sum first"));

    private static List<StepSeries> Sets(BinaryNode node, List<StepSeries> left, List<StepSeries> right, int steps)
    {
        var onLeft = Presence(node.Matching, left, steps);
        var onRight = Presence(node.Matching, right, steps);
        var result = new List<StepSeries>();
        foreach (var series in left)
        {
            var others = onRight.GetValueOrDefault(Key(node.Matching, series.Labels));
            Add(result, series.Labels, Keep(series.Values, step => node.Operator == "or" || (others?[step] == true) == (node.Operator == "and")));
        }

        if (node.Operator == "or")
        {
            foreach (var series in right)
            {
                var others = onLeft.GetValueOrDefault(Key(node.Matching, series.Labels));
                Add(result, series.Labels, Keep(series.Values, step => others?[step] != true));
            }
        }

        return result;
    }

    private static double[] Keep(double[] values, Func<int, bool> kept) =>
        [.. values.Select((value, step) => kept(step) ? value : StepSeries.Absent)];

    private static Dictionary<LabelSet, bool[]> Presence(Matching? matching, List<StepSeries> series, int steps)
    {
        var presence = new Dictionary<LabelSet, bool[]>();
        foreach (var one in series)
        {
            var key = Key(matching, one.Labels);
            if (!presence.TryGetValue(key, out var there))
            {
                there = new bool[steps];
                presence.Add(key, there);
            }

            for (var step = 0; step < steps; step++)
            {
                there[step] |= !StepSeries.IsAbsent(one.Values[step]);
            }
        }

        return presence;
    }

    /// <summary>Series may become the same by what they have lost; where one has no value the other fills in.</summary>
    private static void Add(List<StepSeries> result, LabelSet labels, double[] values)
    {
        if (!Array.TrueForAll(values, StepSeries.IsAbsent))
        {
            result.Add(new StepSeries(labels, values));
        }
    }

    private static LabelSet Key(Matching? matching, LabelSet labels) => matching is null
        ? labels
        : LabelSet.From(labels.Where(label => matching.Names.Contains(label.Name) == matching.On).Select(label => KeyValuePair.Create(label.Name, label.Value)));

    private static double One(BinaryNode node, double left, double right, double kept)
    {
        if (!Compares(node.Operator))
        {
            return Calculate(node.Operator, left, right);
        }

        var holds = Holds(node.Operator, left, right);
        return node.Bool ? (holds ? 1 : 0) : holds ? kept : StepSeries.Absent;
    }

    private static bool Compares(string symbol) => symbol is "==" or "!=" or ">" or ">=" or "<" or "<=";

    private static bool Holds(string symbol, double left, double right) => symbol switch
    {
        "==" => left == right,
        "!=" => left != right,
        ">" => left > right,
        ">=" => left >= right,
        "<" => left < right,
        _ => left <= right,
    };

    private static double Calculate(string symbol, double left, double right) => symbol switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "%" => left % right,
        _ => Math.Pow(left, right),
    };
}
