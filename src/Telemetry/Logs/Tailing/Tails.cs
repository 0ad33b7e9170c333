using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Tailing;

/// <summary>All who read lines as they come.</summary>
internal sealed class Tails(LogStoreOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private LogTail[] _open = [];
    private long _dropped;

    public int Count => Volatile.Read(ref _open).Length;

    public long Dropped => Interlocked.Read(ref _dropped);

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    public LogTail? Open(Func<LabelSet, bool> wanted)
    {
        lock (_gate)
        {
            if (_open.Length >= options.TailersMax)
            {
                return null;
            }

            var tail = new LogTail(this, wanted, options);
            Volatile.Write(ref _open, [.. _open, tail]);
            return tail;
        }
    }

    /// <summary>Called by one at a time.</summary>
    public void Offer(LogRecord record, LabelSet stream)
    {
        var open = Volatile.Read(ref _open);
        if (open.Length == 0)
        {
            return;
        }

        var seen = ReferenceEquals(record.Stream, stream) || record.Stream.Equals(stream) ? record : record with { Stream = stream };
        foreach (var tail in open)
        {
            tail.Offer(seen);
        }
    }

    public void Remove(LogTail tail)
    {
        lock (_gate)
        {
            Volatile.Write(ref _open, [.. _open.Where(other => other != tail)]);
        }
    }

    public void Dispose()
    {
        foreach (var tail in Volatile.Read(ref _open))
        {
            tail.Close();
        }
    }
}
