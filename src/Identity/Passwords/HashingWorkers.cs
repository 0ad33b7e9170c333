using System.Collections.Concurrent;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Passwords;

/// <summary>
/// A few threads that do nothing but hash. Hashing keeps a core busy for tens of milliseconds; on the shared pool a burst of sign-ins
/// would hold back every other request of the process. A thread that finds several bcrypt hashes waiting makes them side by side, which
/// takes little longer than one.
/// </summary>
internal sealed class HashingWorkers : IDisposable
{
    private readonly BlockingCollection<HashingStep> _waiting;
    private readonly Thread[] _threads;

    private readonly int _lanes;

    /// <param name="lanes">How many bcrypt hashes a worker makes side by side, at most <see cref="BcryptLanes.Lanes"/>.</param>
    public HashingWorkers(int workers, int queue, int lanes = BcryptLanes.Lanes)
    {
        _lanes = lanes;
        _waiting = new BlockingCollection<HashingStep>(queue);
        _threads = [.. Enumerable.Range(1, workers).Select(number => new Thread(Work) { IsBackground = true, Name = $"hashing-{number}" })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    public int Waiting => _waiting.Count;

    /// <summary>Runs the work on a worker. A full queue is refused at once: waiting longer than a client does helps nobody.</summary>
    public Task<Outcome<T>> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        var step = new HashingStep<T>(work, cancellation);
        return AnswerAsync(step, step.Done);
    }

    /// <summary>The bcrypt hash of the phrase; null when the C library refuses the setting.</summary>
    public Task<Outcome<string?>> HashAsync(BcryptTask task, CancellationToken cancellation)
    {
        var step = new BcryptStep(task, cancellation);
        return AnswerAsync(step, step.Done);
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

    private async Task<Outcome<T>> AnswerAsync<T>(HashingStep step, Task<T> done)
    {
        if (!_waiting.TryAdd(step))
        {
            return Problem.Unavailable(
                "passwordChecksBusy", "More passwords wait to be checked than this instance accepts. Try again in a moment.", TimeSpan.FromSeconds(1));
        }

        return await done;
    }

    private void Work()
    {
        var taken = new List<HashingStep>(_lanes);
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            taken.Add(first);
            while (taken.Count < _lanes && _waiting.TryTake(out var next))
            {
                taken.Add(next);
            }

            Run(taken);
            taken.Clear();
        }
    }

    private static void Run(List<HashingStep> taken)
    {
        // The client may have left while its turn had not come.
        taken.RemoveAll(step => step.WasGivenUp());
        if (taken.Count < 2)
        {
            taken.ForEach(step => step.Run());
            return;
        }

        foreach (var group in taken.GroupBy(step => step.Cost))
        {
            if (group.Key > 0 && group.Count() > 1)
            {
                BcryptStep.RunTogether([.. group.Cast<BcryptStep>()]);
                continue;
            }

            foreach (var step in group)
            {
                step.Run();
            }
        }
    }
}
