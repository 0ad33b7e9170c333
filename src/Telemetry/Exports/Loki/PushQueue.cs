using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Exports.Loki;

/// <summary>Lines that wait to be pushed. When there are too many the oldest go, since they are worth the least.</summary>
internal sealed class PushQueue(LokiPusherOptions options)
{
    /// <summary>What a line needs beside its text.</summary>
    private const int LineCost = 64;

    private readonly Lock _gate = new();
    private readonly Queue<LogRecord> _lines = new();
    private long _bytes;
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count;
            }
        }
    }

    /// <returns>Whether there is enough for a batch.</returns>
    public bool Add(ReadOnlySpan<LogRecord> records)
    {
        lock (_gate)
        {
            foreach (var record in records)
            {
                _lines.Enqueue(record);
                _bytes += Cost(record);
                while (_lines.Count > options.QueueLinesMax || (_bytes > options.QueueBytesMax && _lines.Count > 1))
                {
                    _bytes -= Cost(_lines.Dequeue());
                    _dropped++;
                }
            }

            return _lines.Count >= options.BatchLinesMax || _bytes >= options.BatchBytesMax;
        }
    }

    public List<LogRecord> Take()
    {
        var batch = new List<LogRecord>();
        var bytes = 0L;
        lock (_gate)
        {
            while (batch.Count < options.BatchLinesMax && bytes < options.BatchBytesMax && _lines.TryDequeue(out var record))
            {
                batch.Add(record);
                bytes += Cost(record);
            }

            _bytes -= bytes;
        }

        return batch;
    }

    private static long Cost(LogRecord record) => record.Line.Length + LineCost;
}
