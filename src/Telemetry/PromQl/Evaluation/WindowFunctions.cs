using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.PromQl.Evaluation;

internal readonly struct SumOverTime : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place)
    {
        var sum = default(CompensatedSum);
        foreach (ref readonly var sample in window)
        {
            sum.Add(sample.Value);
        }

        return sum.ValueOrInfinity;
    }
}

/// <summary>A running mean: the sum of many large values would overflow.</summary>
internal readonly struct AvgOverTime : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place)
    {
        var mean = default(CompensatedSum);
        var count = 0d;
        foreach (ref readonly var sample in window)
        {
            count++;
            if (double.IsInfinity(mean.Sum)
                && (double.IsInfinity(sample.Value) ? mean.Sum > 0 == sample.Value > 0 : !double.IsNaN(sample.Value)))
            {
                continue;
            }

            mean.Add((sample.Value / count) - (mean.Sum / count));
        }

        return mean.ValueOrInfinity;
    }
}

internal readonly struct CountOverTime : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place) => window.Length;
}

internal readonly struct PresentOverTime : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place) => 1;
}

internal readonly struct LastOverTime : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place) => window[^1].Value;
}

internal readonly struct ExtremeOverTime(bool largest) : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place)
    {
        var extreme = window[0].Value;
        foreach (ref readonly var sample in window)
        {
            if ((largest ? sample.Value > extreme : sample.Value < extreme) || double.IsNaN(extreme))
            {
                extreme = sample.Value;
            }
        }

        return extreme;
    }
}

internal readonly struct SpreadOverTime(bool deviation) : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place)
    {
        var mean = default(CompensatedSum);
        var squares = default(CompensatedSum);
        var count = 0d;
        foreach (ref readonly var sample in window)
        {
            count++;
            var distance = sample.Value - mean.Value;
            mean.Add(distance / count);
            squares.Add(distance * (sample.Value - mean.Value));
        }

        var variance = squares.Value / count;
        return deviation ? Math.Sqrt(variance) : variance;
    }
}

internal readonly struct QuantileOverTime(double[] ranks) : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place)
    {
        var values = new double[window.Length];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = window[index].Value;
        }

        return Quantiles.Of(ranks[place.Step], values);
    }
}

internal readonly struct Changes : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place)
    {
        var changes = 0;
        for (var index = 1; index < window.Length; index++)
        {
            var (before, after) = (window[index - 1].Value, window[index].Value);
            changes += after != before && !(double.IsNaN(after) && double.IsNaN(before)) ? 1 : 0;
        }

        return changes;
    }
}

internal readonly struct Resets : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place)
    {
        var resets = 0;
        for (var index = 1; index < window.Length; index++)
        {
            resets += window[index].Value < window[index - 1].Value ? 1 : 0;
        }

        return resets;
    }
}

/// <summary><c>irate</c> and <c>idelta</c>: the last two samples alone.</summary>
internal readonly struct LastChange(bool rate) : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place)
    {
        ref readonly var last = ref window[^1];
        ref readonly var previous = ref window[^2];
        if (last.At == previous.At)
        {
            return GridValue.Absent;
        }

        var change = rate && last.Value < previous.Value ? last.Value : last.Value - previous.Value;
        return rate ? change / ((last.At - previous.At) / 1000d) : change;
    }
}

internal readonly struct Derivative : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place) => LinearRegression.Of(window, window[0].At).Slope;
}

internal readonly struct PredictLinear(double[] seconds) : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place)
    {
        var (slope, intercept) = LinearRegression.Of(window, place.At);
        return (slope * seconds[place.Step]) + intercept;
    }
}

/// <summary>Double exponential smoothing: of the value and of its trend.</summary>
internal readonly struct HoltWinters(double[] smoothings, double[] trends) : IWindowFunction
{
    public double Evaluate(ReadOnlySpan<Sample> window, in WindowPlace place)
    {
        var smoothing = Factor(smoothings[place.Step], "smoothing");
        var trendFactor = Factor(trends[place.Step], "trend");
        double before = 0, smoothed = window[0].Value, trend = window[1].Value - window[0].Value;
        for (var index = 1; index < window.Length; index++)
        {
            if (index > 1)
            {
                trend = (trendFactor * (smoothed - before)) + ((1 - trendFactor) * trend);
            }

            var next = (smoothing * window[index].Value) + ((1 - smoothing) * (smoothed + trend));
            (before, smoothed) = (smoothed, next);
        }

        return smoothed;
    }

    private static double Factor(double factor, string name) =>
        factor is > 0 and < 1 ? factor : throw new EvaluationException($"invalid {name} factor. Expected: 0 < {name[0]}f < 1, got: {factor:0.000000}");
}

internal static class LinearRegression
{
    /// <param name="origin">The moment for which the intercept is told.</param>
    public static (double Slope, double Intercept) Of(ReadOnlySpan<Sample> window, long origin)
    {
        CompensatedSum sumX = default, sumY = default, sumXY = default, sumXX = default;
        var constant = true;
        foreach (ref readonly var sample in window)
        {
            constant &= sample.Value == window[0].Value;
            var x = (sample.At - origin) / 1e3;
            sumX.Add(x);
            sumY.Add(sample.Value);
            sumXY.Add(x * sample.Value);
            sumXX.Add(x * x);
        }

        if (constant)
        {
            return double.IsInfinity(window[0].Value) ? (double.NaN, double.NaN) : (0, window[0].Value);
        }

        var covariance = sumXY.Value - (sumX.Value * sumY.Value / window.Length);
        var variance = sumXX.Value - (sumX.Value * sumX.Value / window.Length);
        var slope = covariance / variance;
        return (slope, (sumY.Value / window.Length) - (slope * sumX.Value / window.Length));
    }
}
