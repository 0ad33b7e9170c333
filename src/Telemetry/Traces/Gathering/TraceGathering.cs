using System.Threading.Channels;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces.Figures;
using Slipway.Telemetry.Traces.Sampling;
using Slipway.Telemetry.Traces.Searching;

namespace Slipway.Telemetry.Traces.Gathering;

/// <summary>A trace on its way to the disk.</summary>
internal sealed record KeptTrace(ulong Hash, string Id, IReadOnlyList<SpanRecord> Spans, long Bytes);

/// <summary>
/// The part of the store that lives in memory: spans come in, are gathered by trace, counted for the map, decided on, and wait for the
/// writer. Everything here is bounded; spans are refused only when the disk does not keep up and nothing can make room.
/// </summary>
internal sealed class TraceGathering
{
    private static readonly TimeSpan s_memoryOfDisk = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly TraceStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<ulong, bool> _isStored;
    private readonly TraceWindow _window;
    private readonly RecentTraces _recent;
    private readonly TraceFates _fates = new();
    private readonly ServiceFigures _figures;
    private readonly SamplingBudget _budget;
    private readonly long _opened;
    private readonly long _queueMax;
    private List<SpanRecord> _fresh = [];
    private long _freshBytes;
    private List<KeptTrace> _queue = [];
    private List<KeptTrace> _writing = [];
    private long _queueBytes;
    private long _observed;
    private double _mandatory;
    private double _ordinary;

    public TraceGathering(TraceStoreOptions options, TimeProvider time, Func<ulong, bool> isStored)
    {
        (_options, _time, _isStored) = (options, time, isStored);
        _window = new TraceWindow(options.MemoryMax * 3 / 5, options.SpansOfTraceMax, time);
        _recent = new RecentTraces(options.MemoryMax / 5, time);
        _figures = new ServiceFigures(time);
        _budget = new SamplingBudget(options.KeptSpansPerSecond);
        _queueMax = options.MemoryMax / 5;
        _opened = _observed = time.GetTimestamp();
    }

    public TraceCounters Counters { get; } = new();

    public KnownTags Tags { get; } = new();

    /// <summary>Has something when the writer should not wait for its next second.</summary>
    public Channel<bool> Pressed { get; } = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public double Factor => _budget.Factor;

    public (int Pending, int Recent, long Bytes) Occupancy
    {
        get
        {
            lock (_gate)
            {
                return (_window.Count, _recent.Count, _window.Bytes + _recent.Bytes + _queueBytes);
            }
        }
    }

    public int Append(ReadOnlySpan<SpanRecord> spans)
    {
        var taken = 0;
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            foreach (var span in spans)
            {
                while (_window.Full && _queueBytes < _queueMax && _window.TakeOldest() is { } oldest)
                {
                    Counters.DecidedEarly++;
                    Decide(oldest, now);
                }

                if (_window.Full)
                {
                    Counters.RefusedSpans += spans.Length - taken;
                    return taken;
                }

                if (_window.Add(span, now))
                {
                    Note(span);
                }
                else
                {
                    Counters.OversizeSpans++;
                }

                taken++;
                if ((Counters.ReceivedSpans++ & 15) == 0 || Counters.ReceivedSpans < 4096)
                {
                    Tags.Learn(span);
                }
            }
        }

        return taken;
    }

    /// <summary>Decides on the traces that are complete, or on all.</summary>
    /// <returns>Whether there are more, for which there is no room before something is written.</returns>
    public bool Sweep(bool everything = false)
    {
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            foreach (var trace in everything ? [.. _window.Traces] : _window.Complete(now))
            {
                if (_queueBytes >= _queueMax)
                {
                    return true;
                }

                _window.Take(trace);
                Decide(trace, now);
            }

            _recent.Trim(now);
            var elapsed = _time.GetElapsedTime(_observed, now);
            if (elapsed >= TimeSpan.FromSeconds(1))
            {
                _budget.Observe(_mandatory, _ordinary, elapsed.TotalSeconds);
                (_mandatory, _ordinary, _observed) = (0, 0, now);
            }
        }

        return false;
    }

    /// <summary>Spans that came since the last time, for the journal.</summary>
    public List<SpanRecord> TakeFresh()
    {
        lock (_gate)
        {
            var fresh = _fresh;
            (_fresh, _freshBytes) = ([], 0);
            return fresh;
        }
    }

    /// <summary>What is to be written now. Until <see cref="Written"/> it is still found in memory.</summary>
    public IReadOnlyList<KeptTrace> BeginWriting()
    {
        lock (_gate)
        {
            (_writing, _queue) = (_queue, []);
            return _writing;
        }
    }

    public void Written(bool succeeded)
    {
        lock (_gate)
        {
            foreach (var trace in _writing)
            {
                _queueBytes -= trace.Bytes;
                if (!succeeded)
                {
                    Counters.LostTraces++;
                    Counters.LostSpans += trace.Spans.Count;
                    _fates.Set(trace.Hash, TraceFate.Dropped);
                }
            }

            _writing = [];
        }
    }

    public void Expired(IEnumerable<ulong> hashes)
    {
        lock (_gate)
        {
            foreach (var hash in hashes)
            {
                _fates.Set(hash, TraceFate.Expired);
            }
        }
    }

    /// <summary>What memory has of a trace, and what became of it.</summary>
    public (IReadOnlyList<SpanRecord> Spans, TraceState State, TraceFate Fate) Find(string id)
    {
        lock (_gate)
        {
            var fate = _fates.Of(StableHash.Of(id.AsSpan()));
            var spans = new List<SpanRecord>();
            foreach (var kept in _queue.Concat(_writing).Where(kept => kept.Id == id))
            {
                spans.AddRange(kept.Spans);
            }

            var state = fate == TraceFate.Kept ? TraceState.Kept : TraceState.Unsampled;
            if (_recent.Find(id) is { } recent)
            {
                spans.AddRange(recent.Spans);
            }

            if (_window.Find(id) is { } pending)
            {
                spans.AddRange(pending.Spans);
                state = TraceState.Unfinished;
            }

            return (spans, state, fate);
        }
    }

    /// <summary>A picture of everything in memory.</summary>
    public IReadOnlyList<(SpanRecord[] Spans, TraceState State)> Picture()
    {
        lock (_gate)
        {
            var all = new List<(SpanRecord[], TraceState)>(_window.Count + _recent.Count + _queue.Count + _writing.Count);
            all.AddRange(_window.Traces.Select(trace => (trace.Spans.ToArray(), TraceState.Unfinished)));
            all.AddRange(_recent.Traces.Select(trace => (trace.Spans.ToArray(), TraceState.Unsampled)));
            all.AddRange(_queue.Concat(_writing).Select(trace => (trace.Spans.ToArray(), TraceState.Kept)));
            return all;
        }
    }

    public ServiceMap Map(TimeSpan window)
    {
        lock (_gate)
        {
            return _figures.Map(window);
        }
    }

    public IReadOnlyList<CallTotals> Calls()
    {
        lock (_gate)
        {
            return _figures.Calls();
        }
    }

    /// <summary>Remembers a span for the journal. In a flood, what does not fit goes without: it is safe once its trace is written.</summary>
    private void Note(SpanRecord span)
    {
        if (_freshBytes >= _queueMax)
        {
            Counters.UnjournaledSpans++;
            return;
        }

        _fresh.Add(span);
        _freshBytes += SpanSize.Of(span);
        if (_freshBytes >= _queueMax / 2)
        {
            Pressed.Writer.TryWrite(true);
        }
    }

    private void Decide(PendingTrace trace, long now)
    {
        _figures.Observe(trace.Spans);
        var fate = _fates.Of(trace.Hash);
        if (fate == TraceFate.Unknown && _time.GetElapsedTime(_opened, now) < s_memoryOfDisk && _isStored(trace.Hash))
        {
            fate = TraceFate.Kept;
        }

        var traits = TraceTraits.Of(trace.Id, trace.Spans);
        var reason = fate == TraceFate.Kept ? KeepReason.Follows : TailSampler.Decide(traits, _options.Rules, _budget.Factor);
        Account(traits, trace.Spans.Count, reason);
        if (reason == KeepReason.None)
        {
            Counters.SampledOutTraces++;
            Counters.SampledOutSpans += trace.Spans.Count;
            _fates.Set(trace.Hash, TraceFate.SampledOut);
            _recent.Add(trace, now);
            return;
        }

        // Something late can make a trace worth keeping; what came before may still be here.
        if (fate == TraceFate.SampledOut && _recent.Take(trace.Id) is { } earlier)
        {
            trace.Spans.InsertRange(0, earlier.Spans);
            trace.Bytes += earlier.Bytes;
        }

        Counters.KeptTraces += fate == TraceFate.Kept ? 0 : 1;
        Counters.KeptSpans += trace.Spans.Count;
        _fates.Set(trace.Hash, TraceFate.Kept);
        _queue.Add(new KeptTrace(trace.Hash, trace.Id, trace.Spans, trace.Bytes));
        _queueBytes += trace.Bytes;
        if (_queueBytes >= _queueMax / 2)
        {
            Pressed.Writer.TryWrite(true);
        }
    }

    private void Account(TraceTraits traits, int spans, KeepReason reason)
    {
        if (reason is KeepReason.Error or KeepReason.Slow or KeepReason.Asked or KeepReason.Follows)
        {
            _mandatory += spans;
        }
        else if (TailSampler.Position(traits.TraceId) < TailSampler.RatioOf(traits, _options.Rules))
        {
            _ordinary += spans;
        }
    }
}
