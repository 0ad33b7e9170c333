namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>What a part of an expression came to: a number for every step, or series.</summary>
internal sealed record Evaluated(double[]? Numbers, List<StepSeries> Series)
{
    public bool IsNumber => Numbers is not null;

    public static Evaluated Of(double[] numbers) => new(numbers, []);

    public static Evaluated Of(List<StepSeries> series) => new(null, series);
}
