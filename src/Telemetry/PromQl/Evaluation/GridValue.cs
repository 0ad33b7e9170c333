using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>
/// What an expression comes to at all steps of a grid at once. Evaluating node by node over whole rows keeps the inner loops
/// short and lets cursors move through the samples only once.
/// </summary>
internal abstract class GridValue
{
    /// <summary>
    /// A step without value is marked with the mark for ended series: no calculation comes to it, since arithmetic turns a
    /// signalling NaN into a quiet one.
    /// </summary>
    public static readonly double Absent = Sample.Stale;

    private static readonly long s_absentBits = BitConverter.DoubleToInt64Bits(Sample.Stale);

    public static bool IsAbsent(double value) => BitConverter.DoubleToInt64Bits(value) == s_absentBits;
}

internal sealed class ScalarGrid(double[] values) : GridValue
{
    public double[] Values { get; } = values;
}

internal sealed class TextGrid(string text) : GridValue
{
    public string Text { get; } = text;
}

/// <summary>Series in an order of their own, each set of labels once.</summary>
internal sealed class VectorGrid(IReadOnlyList<GridSeries> series) : GridValue
{
    public static VectorGrid Empty { get; } = new([]);

    public IReadOnlyList<GridSeries> Series { get; } = series;
}

/// <param name="Values">One for each step, or <see cref="GridValue.Absent"/>.</param>
internal sealed record GridSeries(LabelSet Labels, double[] Values)
{
    public bool HasValues
    {
        get
        {
            foreach (var value in Values)
            {
                if (!GridValue.IsAbsent(value))
                {
                    return true;
                }
            }

            return false;
        }
    }

    public static double[] Nothing(int steps)
    {
        var values = new double[steps];
        values.AsSpan().Fill(GridValue.Absent);
        return values;
    }
}
