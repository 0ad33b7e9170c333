using System.Collections.Concurrent;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Passwords;

/// <summary>
/// A few threads that do nothing but hash. Hashing keeps a core busy for tens of milliseconds; on the shared pool a burst of sign-ins
/// would hold back every other request of the process.
/// </summary>
internal sealed class HashingWorkers : IDisposable
{
    private readonly BlockingCollection<Action> _waiting;
    private readonly Thread[] _threads;

    public HashingWorkers(int workers, int queue)
    {
        _waiting = new BlockingCollection<Action>(queue);
        _threads = [.. Enumerable.Range(1, workers).Select(number => new Thread(Work) { IsBackground = true, Name = $"hashing-{number}" })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    public int Waiting => _waiting.Count;

    /// <summary>Runs the work on a worker. A full queue is refused at once: waiting longer than a client does helps nobody.</summary>
    public async Task<Outcome<T>> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.TryAdd(Step))
        {
            return Problem.Unavailable(
                "passwordChecksBusy", "More passwords wait to be checked than this instance accepts. Try again in a moment.", TimeSpan.FromSeconds(1));
        }

        return await done.Task;

        void Step()
        {
            // The client may have left while its turn had not come.
            if (cancellation.IsCancellationRequested)
            {
                done.TrySetCanceled(cancellation);
                return;
            }

            try
            {
                done.TrySetResult(work());
            }
#pragma warning disable CA1031 // Whatever the work throws belongs to the one who asked for it; the worker must live on.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                done.TrySetException(failure);
            }
        }
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _waiting.Dispose();
    }

    private void Work()
    {
        foreach (var step in _waiting.GetConsumingEnumerable())
        {
            step();
        }
    }
}
