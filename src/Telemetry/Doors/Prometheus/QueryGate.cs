using Slipway.Model.Failures;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary>
/// Lets a few questions be answered at once, each on a thread of its own since answering takes long and never waits; others wait
/// in line, and when the line is full they are refused.
/// </summary>
internal sealed class QueryGate(int atOnceMax, int waitingMax)
{
    public static readonly Failure Full = new(FailureKind.Unavailable, "too-many-queries", "too many queries at once; ask again later");

    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _line = [];
    private int _inside;

    public async Task<Outcome<T>> RunAsync<T>(Func<CancellationToken, Outcome<T>> answer, CancellationToken cancellation)
    {
        LinkedListNode<TaskCompletionSource>? place = null;
        lock (_lock)
        {
            if (_inside < atOnceMax)
            {
                _inside++;
            }
            else if (_line.Count < waitingMax)
            {
                place = _line.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            else
            {
                return Full;
            }
        }

        if (place is not null)
        {
            await TurnAsync(place, cancellation).ConfigureAwait(false);
        }

        try
        {
            return await Task.Run(() => answer(cancellation), cancellation).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    private async Task TurnAsync(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellation)
    {
        await using var leaving = cancellation.Register(() =>
        {
            lock (_lock)
            {
                // Who was called already has a place and gives it back on the way out.
                if (place.List is not null)
                {
                    _line.Remove(place);
                    place.Value.SetCanceled(cancellation);
                }
            }
        }).ConfigureAwait(false);
        await place.Value.Task.ConfigureAwait(false);
    }

    /// <summary>Hands the place to whoever waits longest.</summary>
    private void Leave()
    {
        lock (_lock)
        {
            if (_line.First is { } next)
            {
                _line.RemoveFirst();
                next.Value.SetResult();
            }
            else
            {
                _inside--;
            }
        }
    }
}
