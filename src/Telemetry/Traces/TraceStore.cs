using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces.Figures;
using Slipway.Telemetry.Traces.Gathering;
using Slipway.Telemetry.Traces.Searching;
using Slipway.Telemetry.Traces.Segments;

namespace Slipway.Telemetry.Traces;

/// <param name="Spans">Empty if there is nothing.</param>
/// <param name="Missing">Why there is nothing: <c>never-seen</c>, <c>sampled-out</c>, <c>expired</c> or <c>dropped</c>.</param>
internal sealed record FoundTrace(IReadOnlyList<SpanRecord> Spans, TraceState State, string? Missing);

/// <summary>
/// Keeps traces: all with errors, all slow ones, and a share of the rest. A span arrives at <see cref="Append"/>, waits for the others of
/// its trace, is counted for the map of services, and when the trace is complete it is written down or forgotten after some minutes.
/// </summary>
internal sealed partial class TraceStore : ISpanSink, IAsyncDisposable
{
    // Of a file that goes, so many traces are said to have expired; more would push out what is known of newer ones.
    private const int ExpiredMax = 20_000;

    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_packingPause = TimeSpan.FromMinutes(1);

    private readonly TraceStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TextCache _texts = new();
    private readonly SegmentFolder _folder;
    private readonly PendingJournal _journal;
    private readonly TraceGathering _gathering;
    private readonly TraceSearcher _searcher;
    private readonly Lock _writing = new();
    private long _packingFailed;
    private bool _troubled;
    private bool _lowered;
    private bool _closed;

    private TraceStore(TraceStoreOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _folder = new SegmentFolder(options.Folder, options.Retention, options.BytesMax, time);
        _journal = new PendingJournal(Path.Combine(options.Folder, "pending"), time);
        _gathering = new TraceGathering(options, time, hash => _folder.Segments.Any(segment => segment.Blocks.Any(block => Array.BinarySearch(block.Hashes, hash) >= 0)));
        _searcher = new TraceSearcher(_gathering, _folder, _texts);
    }

    public TraceCounters Counters => _gathering.Counters;

    public KnownTags Tags => _gathering.Tags;

    /// <summary>By what the ratios are lowered at the moment, since more would be kept than the budget allows. 1 when they are not.</summary>
    public double RatioFactor => _gathering.Factor;

    /// <summary>The share of ordinary traces that is kept at the moment.</summary>
    public double EffectiveRatio => _options.Rules.Ratio * _gathering.Factor;

    public long DiskBytes => _folder.Bytes;

    public long MemoryBytes => _gathering.Occupancy.Bytes;

    public int PendingTraces => _gathering.Occupancy.Pending;

    public static Task<TraceStore> OpenAsync(TraceStoreOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var store = new TraceStore(options, time, logging.CreateLogger("Slipway.Telemetry.Traces"));
            try
            {
                store._folder.Open();
                store.LearnTags();
                store.Recover();
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // What is in memory can be asked nevertheless, and the folder may become usable.
                store.Trouble(problem);
            }

            return store;
        },
        cancellation);

    public int Append(ReadOnlySpan<SpanRecord> spans) => _gathering.Append(spans);

    /// <summary>Decides and writes once a second until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_step, _time);
        var packing = Task.CompletedTask;
        try
        {
            var tick = timer.WaitForNextTickAsync(cancellation).AsTask();
            var pressed = _gathering.Pressed.Reader.ReadAsync(cancellation).AsTask();
            while (true)
            {
                await Task.WhenAny(tick, pressed);
                cancellation.ThrowIfCancellationRequested();
                Turn(everything: false);
                if (packing.IsCompleted && _folder.HasSealed)
                {
                    packing = Task.Run(() => Pack(cancellation), cancellation);
                }

                tick = tick.IsCompleted ? timer.WaitForNextTickAsync(cancellation).AsTask() : tick;
                pressed = pressed.IsCompleted ? _gathering.Pressed.Reader.ReadAsync(cancellation).AsTask() : pressed;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end; what is still gathered is written when the store is disposed of.
        }

        await packing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What is done once a second, one thing after the other.</summary>
    public void Step(bool everything = false)
    {
        Turn(everything);
        Pack(CancellationToken.None);
    }

    private void Turn(bool everything)
    {
        lock (_writing)
        {
            Journal();
            SweepAndWrite(everything);
            try
            {
                _journal.Maintain();
                foreach (var gone in _folder.Maintain())
                {
                    _gathering.Expired(gone.Blocks.SelectMany(block => block.Hashes).Take(ExpiredMax));
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                Trouble(problem);
            }
        }

        var factor = _gathering.Factor;
        if (factor < 0.95 != _lowered)
        {
            _lowered = factor < 0.95;
            if (_lowered)
            {
                LogLowered(_options.KeptSpansPerSecond, EffectiveRatio);
            }
            else
            {
                LogRestored(EffectiveRatio);
            }
        }
    }

    public FoundTrace Find(string traceId)
    {
        var (inMemory, state, fate) = _gathering.Find(traceId);
        List<SpanRecord> spans;
        try
        {
            spans = _searcher.ReadStored(traceId);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Trouble(problem);
            spans = [];
        }

        state = spans.Count > 0 && state == TraceState.Unsampled ? TraceState.Kept : state;
        spans.AddRange(inMemory);
        if (spans.Count > 0)
        {
            return new FoundTrace(spans.DistinctBy(span => span.SpanId, StringComparer.Ordinal).OrderBy(span => span.Start).ToList(), state, null);
        }

        return new FoundTrace([], state, fate switch
        {
            TraceFate.SampledOut => "sampled-out",
            TraceFate.Expired or TraceFate.Kept => "expired",
            TraceFate.Dropped => "dropped",
            _ => "never-seen",
        });
    }

    public TraceMatches Search(TraceSearch search, CancellationToken cancellation) => _searcher.Search(search, cancellation);

    /// <param name="window">The last hour at most.</param>
    public ServiceMap Map(TimeSpan window) => _gathering.Map(window);

    /// <summary>What was counted since the start by service and by pair of services, before anything was sampled out.</summary>
    public IReadOnlyList<CallTotals> Calls() => _gathering.Calls();

    public ValueTask DisposeAsync()
    {
        lock (_writing)
        {
            if (!_closed)
            {
                _closed = true;
                SweepAndWrite(everything: true);
                _folder.Close();
                if (!_troubled)
                {
                    Forget();
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Pack(CancellationToken cancellation)
    {
        if (_time.GetElapsedTime(_packingFailed) < s_packingPause && _packingFailed != 0)
        {
            return;
        }

        try
        {
            _folder.Pack(_texts, cancellation);
            _packingFailed = 0;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The file serves as it is; packing needs room for a second one.
            _packingFailed = _time.GetTimestamp();
            Trouble(problem);
        }
    }

    /// <summary>Spans that waited for the rest of their trace when the process before this one was killed.</summary>
    private void Recover()
    {
        var stored = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var spans in _journal.Recover(_texts))
        {
            foreach (var span in spans)
            {
                if (!stored.TryGetValue(span.TraceId, out var known))
                {
                    stored[span.TraceId] = known = _searcher.ReadStored(span.TraceId).Select(written => written.SpanId).ToHashSet(StringComparer.Ordinal);
                }

                if (known.Add(span.SpanId) && _gathering.Append([span]) == 0)
                {
                    SweepAndWrite(everything: false);
                    _gathering.Append([span]);
                }
            }
        }

        // They are in the journal already.
        _gathering.TakeFresh();
    }

    private void Journal()
    {
        var fresh = _gathering.TakeFresh();
        if (fresh.Count == 0)
        {
            return;
        }

        try
        {
            _journal.Write(fresh);
        }
        catch (IOException problem)
        {
            Counters.UnjournaledSpans += fresh.Count;
            Trouble(problem);
        }
    }

    /// <summary>The process ends as it should: all that waited is written.</summary>
    private void Forget()
    {
        try
        {
            _journal.Clear();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Trouble(problem);
        }
    }

    private void SweepAndWrite(bool everything)
    {
        bool more;
        do
        {
            more = _gathering.Sweep(everything);
            Write();
        }
        while (more);
    }

    private void Write()
    {
        var kept = _gathering.BeginWriting();
        if (kept.Count == 0)
        {
            return;
        }

        if (_options.Forward is { } forward)
        {
            foreach (var trace in kept)
            {
                forward.Append(trace.Spans.ToArray());
            }
        }

        var succeeded = false;
        try
        {
            _folder.Write([.. kept.Select(trace => (trace.Hash, trace.Spans))]);
            succeeded = true;
            if (_troubled)
            {
                _troubled = false;
                LogWritable();
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Trouble(problem);
        }
        finally
        {
            _gathering.Written(succeeded);
        }
    }

    private void LearnTags()
    {
        foreach (var segment in _folder.Segments.TakeLast(1))
        {
            foreach (var block in segment.Blocks.TakeLast(2))
            {
                var body = segment.ReadBody(block) ?? [];
                for (var place = 0; place < body.Length;)
                {
                    foreach (var span in Segment.ReadEntry(body, place, _texts, out place))
                    {
                        Tags.Learn(span);
                    }
                }
            }
        }
    }

    private void Trouble(Exception problem)
    {
        if (!_troubled)
        {
            _troubled = true;
            LogUnwritable(_options.Folder, problem.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "Traces cannot be written to {folder}: {problem} They are dropped and counted until there is room again.")]
    private partial void LogUnwritable(string folder, string problem);

    [LoggerMessage(LogLevel.Information, "Traces can be written again.")]
    private partial void LogWritable();

    [LoggerMessage(LogLevel.Warning, "More than {budget} spans a second would be kept, so the share of ordinary traces is lowered to {ratio}. Errors and slow traces are kept.")]
    private partial void LogLowered(double budget, double ratio);

    [LoggerMessage(LogLevel.Information, "The share of ordinary traces that are kept is back at {ratio}.")]
    private partial void LogRestored(double ratio);
}
