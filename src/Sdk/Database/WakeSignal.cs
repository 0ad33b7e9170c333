namespace Slipway.Sdk.Database;

/// <summary>Tells a worker that there may be something to do. However often it is called meanwhile, the worker looks once.</summary>
internal sealed class WakeSignal : IDisposable
{
    private readonly SemaphoreSlim _woken = new(0, 1);

    public void Wake()
    {
        try
        {
            if (_woken.CurrentCount == 0)
            {
                _woken.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it in the same moment.
        }
    }

    /// <summary>False when nobody called within the limit.</summary>
    public Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellation) => _woken.WaitAsync(limit, cancellation);

    public void Dispose() => _woken.Dispose();
}
