using System.Diagnostics;

namespace Slipway.Sdk.Telemetry;

/// <summary>
/// Finished spans on their way out, encoded where they end, so that a queue keeps nothing of a request alive. When it is full, further
/// ones are dropped and counted; whoever ends a span never waits.
/// </summary>
internal sealed class SpanQueue(int capacity, int batch) : IDisposable
{
    private const int BytesMax = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly Queue<SpanBatch> _full = new();

    // Made with the first span: a service nobody calls pays nothing.
    private SpanBatch? _filling;
    private SpanBatch? _spare;
    private int _count;
    private long _bytes;
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public bool HasAny => Volatile.Read(ref _count) > 0;

    public bool HasBatch => Volatile.Read(ref _count) >= batch;

    public void Add(Activity span)
    {
        lock (_gate)
        {
            if (_count >= capacity || _bytes >= BytesMax)
            {
                _dropped++;
                return;
            }

            _filling ??= _spare ?? new SpanBatch();
            if (ReferenceEquals(_filling, _spare))
            {
                _spare = null;
            }

            _bytes += _filling.Add(span);
            _count++;
            var full = _filling.Count == batch;
            if (full)
            {
                _full.Enqueue(_filling);
                _filling = null;
            }

            if (full || _count == 1)
            {
                Tell();
            }
        }
    }

    /// <summary>The oldest spans, at most as many as one batch has; null when there are none.</summary>
    public SpanBatch? Take()
    {
        lock (_gate)
        {
            if (!_full.TryDequeue(out var taken))
            {
                (taken, _filling) = (_filling, null);
            }

            if (taken is null)
            {
                return null;
            }

            _count -= taken.Count;
            _bytes -= taken.Bytes;
            if (_count > 0)
            {
                // The next span finds others before it and would not be news.
                Tell();
            }

            return taken;
        }
    }

    /// <summary>A batch that is done with is filled again.</summary>
    public void Return(SpanBatch done)
    {
        done.Clear();
        lock (_gate)
        {
            _spare = done;
        }
    }

    public void Drop(int count) => Interlocked.Add(ref _dropped, count);

    /// <summary>Ends with the first span of an empty queue, or when a batch is complete.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _news.WaitAsync(cancellation);

    public void Dispose() => _news.Dispose();

    /// <summary>Only under the lock, so it cannot be raised beyond one.</summary>
    private void Tell()
    {
        if (_news.CurrentCount == 0)
        {
            _news.Release();
        }
    }
}
