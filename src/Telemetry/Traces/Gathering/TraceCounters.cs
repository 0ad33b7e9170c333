namespace Slipway.Telemetry.Traces.Gathering;

/// <summary>What happened since the start. Changed by one thread at a time, read by any.</summary>
internal sealed class TraceCounters
{
    public long ReceivedSpans { get; set; }

    /// <summary>There was no room for them; their sender was told.</summary>
    public long RefusedSpans { get; set; }

    /// <summary>Beyond the bound of spans or bytes of one trace.</summary>
    public long OversizeSpans { get; set; }

    /// <summary>Traces decided on before they were complete, since memory was full.</summary>
    public long DecidedEarly { get; set; }

    /// <summary>Spans which a killed process would have lost, since they came too fast or the disk could not be written to.</summary>
    public long UnjournaledSpans { get; set; }

    public long KeptTraces { get; set; }

    public long KeptSpans { get; set; }

    public long SampledOutTraces { get; set; }

    public long SampledOutSpans { get; set; }

    /// <summary>To be kept, but the disk was full or too slow.</summary>
    public long LostTraces { get; set; }

    public long LostSpans { get; set; }
}
