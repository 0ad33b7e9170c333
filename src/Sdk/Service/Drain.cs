namespace Slipway.Sdk.Service;

/// <summary>
/// The orderly end of a service: it says it is not ready, takes no new work, finishes what runs, then stops. Long-lived
/// work such as a stream watches <see cref="Token"/> and ends by itself.
/// </summary>
public sealed class Drain : IDisposable
{
    private readonly CancellationTokenSource _begun = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    public bool HasBegun => _begun.IsCancellationRequested;

    public CancellationToken Token => _begun.Token;

    /// <summary>Requests being worked on.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>From here on nothing new is taken. Ends when the last running request has.</summary>
    public async Task BeginAsync()
    {
        await _begun.CancelAsync();
        if (Running == 0)
        {
            _idle.TrySetResult();
        }

        await _idle.Task;
    }

    public void Dispose() => _begun.Dispose();

    internal bool TryEnter()
    {
        // Counted before looking: a drain that begins in between waits for this request or is seen by it.
        Interlocked.Increment(ref _running);
        if (!HasBegun)
        {
            return true;
        }

        Leave();
        return false;
    }

    internal void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0 && HasBegun)
        {
            _idle.TrySetResult();
        }
    }
}
