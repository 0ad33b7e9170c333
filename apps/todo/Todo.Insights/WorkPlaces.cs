using Slipway.Sdk.Problems;

namespace Todo.Insights;

/// <summary>Places for analyses. Whoever finds none waits in a short line; whoever finds the line full is told to come back.</summary>
internal sealed class WorkPlaces(InsightsSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _free = new(settings.WorkersMax);
    private int _waiting;

    /// <exception cref="ProblemException">The line is full.</exception>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellation)
    {
        if (_free.Wait(0, CancellationToken.None))
        {
            return new Place(_free);
        }

        if (Interlocked.Increment(ref _waiting) > settings.WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ProblemException(Problem.Unavailable("busy", "Too many analyses are waiting already. Try again in a moment.", TimeSpan.FromSeconds(2)));
        }

        try
        {
            await _free.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        return new Place(_free);
    }

    public void Dispose() => _free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                free.Release();
            }
        }
    }
}
