namespace Slipway.Gateway.Recording;

/// <summary>
/// Carries the spans of requests to whoever wants them. Requests fill one of two arrays, a task of its own empties the other; when the
/// reader is behind spans are dropped and counted, requests never wait. Without a reader nothing is kept and nothing allocated.
/// </summary>
internal sealed class SpanRing : IAsyncDisposable
{
    private const int Capacity = 4_096;
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private RequestSpan[] _filling = [];
    private RequestSpan[] _emptying = [];
    private IRequestSpans? _sink;
    private Task _carrying = Task.CompletedTask;
    private int _count;
    private long _dropped;

    public SpanRing(TimeProvider time) => _time = time;

    public bool IsWanted => Volatile.Read(ref _sink) is not null;

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Once.</summary>
    public void Attach(IRequestSpans sink)
    {
        if (IsWanted)
        {
            throw new InvalidOperationException("The spans of requests go somewhere already.");
        }

        _filling = new RequestSpan[Capacity];
        _emptying = new RequestSpan[Capacity];
        Volatile.Write(ref _sink, sink);
        _carrying = Task.Run(CarryAsync);
    }

    public void Add(in RequestRecord record)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            if (_count == _filling.Length)
            {
                _dropped++;
                return;
            }

            _filling[_count++].Fill(record, now);
            if ((_count == 1 || _count == Capacity / 2) && _news.CurrentCount == 0)
            {
                // Raised nowhere else, so it never grows beyond one.
                _news.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _carrying.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task CarryAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await _news.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_stop.IsCancellationRequested && Volatile.Read(ref _count) < Capacity / 2)
            {
                using var gather = new CancellationTokenSource(s_gather, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(gather.Token, _stop.Token);
                await _news.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Empty();
        }
    }

    private void Empty()
    {
        int count;
        lock (_lock)
        {
            (_filling, _emptying) = (_emptying, _filling);
            count = _count;
            _count = 0;
        }

        for (var index = 0; index < count; index++)
        {
            _sink!.Add(in _emptying[index]);
        }
    }
}
