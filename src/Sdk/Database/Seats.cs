using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Database;

/// <summary>
/// As many calls at once as the pool has connections. The others wait in line, and the line has an end: what would wait too long
/// anyway is better refused at once, while the client can still do something about it.
/// </summary>
internal sealed class Seats(int seats, int waitingMax, TimeSpan patience, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _free = new(seats, seats);
    private int _waiting;
    private long _refused;

    public int InUse => seats - _free.CurrentCount;

    public int Waiting => Volatile.Read(ref _waiting);

    public long Refused => Interlocked.Read(ref _refused);

    public ValueTask<Seat> TakeAsync(CancellationToken cancellation) =>
        _free.Wait(0, CancellationToken.None) ? new ValueTask<Seat>(new Seat(_free)) : new ValueTask<Seat>(QueueAsync(cancellation));

    public void Dispose() => _free.Dispose();

    private async Task<Seat> QueueAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > waitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            throw Busy($"{waitingMax} calls wait for one of {seats} database connections already.");
        }

        try
        {
            using var limit = new CancellationTokenSource(patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await _free.WaitAsync(either.Token);
            return new Seat(_free);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Busy($"None of {seats} database connections became free within {patience.TotalMilliseconds:0} ms (DB_POOL_MAX, DB_POOL_ACQUIRE_MS).");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private ProblemException Busy(string detail)
    {
        Interlocked.Increment(ref _refused);
        return new ProblemException(Problem.Unavailable("databaseBusy", detail, s_retryAfter));
    }
}

internal readonly struct Seat(SemaphoreSlim free) : IDisposable
{
    public void Dispose() => free.Release();
}
