namespace Slipway.Telemetry.Traces.Gathering;

/// <summary>
/// Traces of the last minutes that were not kept, for whoever looks for a trace of just now. When full, the oldest go.
/// Not safe for two threads.
/// </summary>
internal sealed class RecentTraces(long bytesMax, TimeProvider time)
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, PendingTrace> _traces = new(StringComparer.Ordinal);
    private readonly Queue<(PendingTrace Trace, long At)> _byAge = new();

    public long Bytes { get; private set; }

    public int Count => _traces.Count;

    public IEnumerable<PendingTrace> Traces => _traces.Values;

    public PendingTrace? Find(string id) => _traces.GetValueOrDefault(id);

    public void Add(PendingTrace trace, long now)
    {
        if (_traces.TryGetValue(trace.Id, out var earlier))
        {
            // A late part joins what is here already.
            earlier.Spans.AddRange(trace.Spans);
            earlier.Bytes += trace.Bytes;
        }
        else
        {
            _traces.Add(trace.Id, trace);
            trace.Gone = false;
            _byAge.Enqueue((trace, now));
        }

        Bytes += trace.Bytes;
        Trim(now);
    }

    public PendingTrace? Take(string id)
    {
        if (_traces.Remove(id, out var trace))
        {
            trace.Gone = true;
            Bytes -= trace.Bytes;
        }

        return trace;
    }

    public void Trim(long now)
    {
        while (_byAge.TryPeek(out var oldest) && (oldest.Trace.Gone || Bytes > bytesMax || time.GetElapsedTime(oldest.At, now) >= Longest))
        {
            _byAge.Dequeue();
            if (!oldest.Trace.Gone)
            {
                Take(oldest.Trace.Id);
            }
        }
    }
}
