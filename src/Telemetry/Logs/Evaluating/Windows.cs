using System.Runtime.InteropServices;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>What the values of a window come to.</summary>
internal static class Windows
{
    public static double Of(string function, double parameter, List<double> values, double seconds)
    {
        var span = CollectionsMarshal.AsSpan(values);
        return function switch
        {
            "rate" => Sum(span) / seconds,
            "sum_over_time" or "sum" => Sum(span),
            "avg_over_time" or "avg" => Sum(span) / span.Length,
            "max_over_time" or "max" => Largest(span, 1),
            "min_over_time" or "min" => -Largest(span, -1),
            "first_over_time" => span[0],
            "last_over_time" => span[^1],
            "stdvar_over_time" or "stdvar" => Variance(span),
            "stddev_over_time" or "stddev" => Math.Sqrt(Variance(span)),
            "quantile_over_time" => Quantile(parameter, span),
            "count" => span.Length,
            _ => throw new InvalidOperationException($"no such function: {function}"),
        };
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static double Largest(ReadOnlySpan<double> values, int sign)
    {
        var largest = double.NaN;
        foreach (var value in values)
        {
            largest = double.IsNaN(largest) || sign * value > largest ? sign * value : largest;
        }

        return largest;
    }

    private static double Variance(ReadOnlySpan<double> values)
    {
        var (mean, squares, count) = (0.0, 0.0, 0);
        foreach (var value in values)
        {
            count++;
            var distance = value - mean;
            mean += distance / count;
            squares += distance * (value - mean);
        }

        return squares / count;
    }

    /// <summary>Between two values it lies on the line between them, as in Prometheus.</summary>
    public static double Quantile(double quantile, Span<double> values)
    {
        if (double.IsNaN(quantile))
        {
            return double.NaN;
        }

        if (quantile is < 0 or > 1)
        {
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        values.Sort();
        var rank = quantile * (values.Length - 1);
        var lower = (int)Math.Floor(rank);
        var upper = Math.Min(lower + 1, values.Length - 1);
        var weight = rank - lower;
        return (values[lower] * (1 - weight)) + (values[upper] * weight);
    }
}
