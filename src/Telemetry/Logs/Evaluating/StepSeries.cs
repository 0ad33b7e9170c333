using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>One value for every step.</summary>
internal sealed class StepSeries(LabelSet labels, double[] values)
{
    /// <summary>Stands where there is no value. A number of its own, since a division can come to NaN and that is a value.</summary>
    public static readonly double Absent = Sample.Stale;

    public LabelSet Labels => labels;

    public double[] Values => values;

    public static bool IsAbsent(double value) => BitConverter.DoubleToUInt64Bits(value) == BitConverter.DoubleToUInt64Bits(Absent);

    public static double[] Empty(int count)
    {
        var values = new double[count];
        Array.Fill(values, Absent);
        return values;
    }
}
