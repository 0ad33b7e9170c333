using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Logs.Tailing;

/// <summary>Lines that came meanwhile, and how many more there were for which the reader was too slow.</summary>
internal sealed record TailedLines(IReadOnlyList<LogRecord> Lines, long Dropped);

/// <summary>One reader of lines as they come. The oldest waiting line makes room for a new one.</summary>
internal sealed class LogTail(Tails tails, Func<LabelSet, bool> wanted, LogStoreOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<LogRecord> _waiting = new();
    private readonly Dictionary<LabelSet, bool> _wanted = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
    private long _dropped;
    private bool _closed;

    public void Offer(LogRecord record)
    {
        if (!_wanted.TryGetValue(record.Stream, out var isWanted))
        {
            if (_wanted.Count > options.ActiveStreamsMax)
            {
                _wanted.Clear();
            }

            isWanted = wanted(record.Stream);
            _wanted.Add(record.Stream, isWanted);
        }

        if (!isWanted)
        {
            return;
        }

        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _waiting.Enqueue(record);
            _bytes += record.Line.Length;
            while (_waiting.Count > options.TailLinesMax || (_bytes > options.TailBytesMax && _waiting.Count > 1))
            {
                _bytes -= _waiting.Dequeue().Line.Length;
                _dropped++;
                tails.CountDropped();
            }

            _news.TrySetResult();
        }
    }

    /// <summary>Waits until there are lines. Null when the store is closed.</summary>
    public async Task<TailedLines?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task news;
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    var lines = new TailedLines([.. _waiting], _dropped);
                    _waiting.Clear();
                    (_bytes, _dropped) = (0, 0);
                    _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    return lines;
                }

                if (_closed)
                {
                    return null;
                }

                news = _news.Task;
            }

            await news.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _news.TrySetResult();
        }
    }

    public void Dispose()
    {
        Close();
        tails.Remove(this);
    }
}
