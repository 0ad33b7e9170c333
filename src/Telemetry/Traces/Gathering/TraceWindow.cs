using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Traces.Gathering;

/// <summary>
/// Gathers spans by trace until a trace is complete: no span came for ten seconds, or thirty seconds have passed since its first. Bounded:
/// when it is full, the oldest traces count as complete. Not safe for two threads.
/// </summary>
internal sealed class TraceWindow(long bytesMax, int spansOfTraceMax, TimeProvider time)
{
    private const long BytesOfTraceMax = 8 * 1024 * 1024;

    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, PendingTrace> _traces = new(StringComparer.Ordinal);
    private readonly Queue<PendingTrace> _byAge = new();

    public long Bytes { get; private set; }

    public int Count => _traces.Count;

    public bool Full => Bytes >= bytesMax;

    public IEnumerable<PendingTrace> Traces => _traces.Values;

    public PendingTrace? Find(string id) => _traces.GetValueOrDefault(id);

    /// <returns>Whether it was taken: a trace has a bounded number of spans.</returns>
    public bool Add(SpanRecord span, long now)
    {
        if (!_traces.TryGetValue(span.TraceId, out var trace))
        {
            trace = new PendingTrace(span.TraceId, StableHash.Of(span.TraceId.AsSpan()), now);
            _traces.Add(span.TraceId, trace);
            _byAge.Enqueue(trace);
            trace.Bytes += 200;
            Bytes += 200;
        }

        trace.LastSeen = now;
        if (trace.Spans.Count >= spansOfTraceMax || trace.Bytes >= BytesOfTraceMax)
        {
            return false;
        }

        var bytes = SpanSize.Of(span);
        trace.Bytes += bytes;
        Bytes += bytes;
        trace.Spans.Add(span);
        return true;
    }

    /// <summary>Traces that are complete; they stay until they are taken.</summary>
    public List<PendingTrace> Complete(long now)
    {
        var complete = new List<PendingTrace>();
        foreach (var trace in _traces.Values)
        {
            if (time.GetElapsedTime(trace.LastSeen, now) >= Quiet || time.GetElapsedTime(trace.FirstSeen, now) >= Longest)
            {
                complete.Add(trace);
            }
        }

        return complete;
    }

    public void Take(PendingTrace trace)
    {
        Remove(trace);
        while (_byAge.TryPeek(out var oldest) && oldest.Gone)
        {
            _byAge.Dequeue();
        }
    }

    /// <summary>The trace that has waited longest; nothing if there is none.</summary>
    public PendingTrace? TakeOldest()
    {
        while (_byAge.TryDequeue(out var oldest))
        {
            if (!oldest.Gone)
            {
                Remove(oldest);
                return oldest;
            }
        }

        return null;
    }

    private void Remove(PendingTrace trace)
    {
        trace.Gone = true;
        Bytes -= trace.Bytes;
        _traces.Remove(trace.Id);
    }
}
