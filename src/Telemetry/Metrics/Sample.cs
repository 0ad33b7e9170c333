using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Metrics;

/// <param name="At">Milliseconds since 1970, UTC.</param>
public readonly record struct Sample(long At, double Value)
{
    /// <summary>The value which says that a series has ended here: a NaN of its own, the one Prometheus uses.</summary>
    public static readonly double Stale = BitConverter.UInt64BitsToDouble(0x7ff0000000000002);

    public bool IsStale => BitConverter.DoubleToUInt64Bits(Value) == 0x7ff0000000000002;
}

/// <summary>A trace that stands for a sample: a request that fell into this bucket.</summary>
public sealed record Exemplar(LabelSet Labels, double Value, long At);

public readonly record struct IncomingSample(LabelSet Series, long At, double Value, Exemplar? Exemplar = null);

/// <param name="Kind"><c>counter</c>, <c>gauge</c>, <c>histogram</c>, <c>summary</c>, <c>info</c>, <c>stateset</c> or <c>unknown</c>.</param>
public sealed record MetricMetadata(string Metric, string Kind, string Help, string Unit);

public sealed record SeriesSamples(LabelSet Labels, ReadOnlyMemory<Sample> Samples);

public sealed record SeriesExemplars(LabelSet Labels, IReadOnlyList<Exemplar> Exemplars);
