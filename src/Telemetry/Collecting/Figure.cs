using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Collecting;

/// <summary>One thing the platform counts about itself, with its present values.</summary>
/// <param name="Kind"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
public sealed record Figure(string Name, string Kind, string Help, IReadOnlyList<FigureValue> Values)
{
    public static Figure Gauge(string name, string help, double value) => new(name, "gauge", help, [new FigureValue(LabelSet.Empty, value)]);

    public static Figure Gauge(string name, string help, IEnumerable<FigureValue> values) => new(name, "gauge", help, [.. values]);

    public static Figure Counter(string name, string help, double value) => new(name, "counter", help, [new FigureValue(LabelSet.Empty, value)]);

    public static Figure Counter(string name, string help, IEnumerable<FigureValue> values) => new(name, "counter", help, [.. values]);
}

/// <param name="Suffix">What the series is called beyond the figure: <c>_bucket</c>, <c>_sum</c> and <c>_count</c> of histograms.</param>
public readonly record struct FigureValue(LabelSet Labels, double Value, string Suffix = "");

/// <summary>A room of the platform that tells figures. What cannot be read just now is left out; it throws for nothing else than a bug.</summary>
public interface IFigureSource
{
    Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation);
}
