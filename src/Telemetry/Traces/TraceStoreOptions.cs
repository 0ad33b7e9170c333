using Slipway.Telemetry.Traces.Sampling;

namespace Slipway.Telemetry.Traces;

internal sealed record TraceStoreOptions
{
    public required string Folder { get; init; }

    public SamplingRules Rules { get; init; } = SamplingRules.Default;

    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(15);

    public long BytesMax { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>For traces that are being gathered (three fifths), those just sampled out and those on their way to the disk (a fifth each).</summary>
    public long MemoryMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>From here on the ratios are lowered. 0 stands for no budget.</summary>
    public double KeptSpansPerSecond { get; init; } = 2000;

    public int SpansOfTraceMax { get; init; } = 10_000;

    /// <summary>Where kept spans go besides.</summary>
    public ISpanSink? Forward { get; init; }
}
