using System.Diagnostics;

namespace Slipway.Sdk.Telemetry;

/// <summary>Finished spans on their way out. When it is full, further ones are dropped and counted; whoever ends a span never waits.</summary>
internal sealed class SpanQueue(int capacity, int batch) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _news = new(0, 1);

    // Made with the first span: a service nobody calls pays nothing.
    private Activity?[]? _ring;
    private int _first;
    private int _count;
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public bool HasAny => Volatile.Read(ref _count) > 0;

    public bool HasBatch => Volatile.Read(ref _count) >= batch;

    public void Add(Activity span)
    {
        lock (_gate)
        {
            if (_count == capacity)
            {
                _dropped++;
                return;
            }

            _ring ??= new Activity?[capacity];
            var at = _first + _count;
            _ring[at < capacity ? at : at - capacity] = span;
            _count++;

            if (_count == 1 || _count == batch)
            {
                Tell();
            }
        }
    }

    public int Take(Activity?[] into)
    {
        lock (_gate)
        {
            var taken = Math.Min(_count, into.Length);
            for (var index = 0; index < taken; index++)
            {
                into[index] = _ring![_first];
                _ring[_first] = null;
                _first = _first + 1 == capacity ? 0 : _first + 1;
            }

            _count -= taken;
            if (_count > 0)
            {
                // The next span finds others before it and would not be news.
                Tell();
            }

            return taken;
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
