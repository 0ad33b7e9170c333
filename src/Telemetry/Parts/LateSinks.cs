using System.Collections.Concurrent;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Traces;

namespace Slipway.Telemetry.Parts;

/// <summary>Takes samples for a store that may be away; then they are dropped and counted, and nobody notices but the counter.</summary>
internal sealed class LateMetricSink(Func<IMetricSink?> store, IMetricSink? further = null) : IMetricSink
{
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public AppendCounts Append(string source, ReadOnlySpan<IncomingSample> samples)
    {
        // What another system gets does not depend on whether we can keep it.
        further?.Append(source, samples);
        if (store() is { } sink)
        {
            return sink.Append(source, samples);
        }

        Interlocked.Add(ref _dropped, samples.Length);
        return new AppendCounts(0, 0, 0, samples.Length);
    }

    public void Describe(MetricMetadata metadata)
    {
        further?.Describe(metadata);
        store()?.Describe(metadata);
    }
}

/// <summary>The same for lines.</summary>
internal sealed class LateLogSink(Func<ILogSink?> store, IReadOnlyList<ILogSink> further) : ILogSink
{
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public int Append(ReadOnlySpan<LogRecord> records)
    {
        foreach (var sink in further)
        {
            sink.Append(records);
        }

        var taken = store()?.Append(records) ?? 0;
        Interlocked.Add(ref _dropped, records.Length - taken);
        return taken;
    }
}

/// <summary>
/// The same for spans. The gateway serves before the stores are open, so spans of those first moments are held and passed
/// on; so many and no more.
/// </summary>
internal sealed class LateSpanSink(Func<ISpanSink?> store) : ISpanSink
{
    private const int HeldMax = 10_000;

    private readonly ConcurrentQueue<SpanRecord> _held = new();
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public int Append(ReadOnlySpan<SpanRecord> spans)
    {
        if (store() is { } sink)
        {
            PassOn(sink);
            return sink.Append(spans);
        }

        var taken = 0;
        foreach (var span in spans)
        {
            if (_held.Count >= HeldMax)
            {
                break;
            }

            _held.Enqueue(span);
            taken++;
        }

        Interlocked.Add(ref _dropped, spans.Length - taken);
        return taken;
    }

    /// <summary>Called when the store has come, for times without any new span.</summary>
    public void PassOn()
    {
        if (store() is { } sink)
        {
            PassOn(sink);
        }
    }

    private void PassOn(ISpanSink sink)
    {
        while (_held.TryDequeue(out var span))
        {
            sink.Append([span]);
        }
    }
}
