using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store.History;

/// <summary>One watcher: a position in the shared history and nothing else.</summary>
internal sealed class HistoryWatch(ChangeHistory history, ResourceKind? kind, long after, Action closed) : IWatch
{
    /// <summary>Enough to amortise the wake-up, few enough that nobody holds the history for long.</summary>
    private const int ChangesPerRead = 512;

    private readonly CancellationTokenSource _disposed = new();
    private long _position = after;
    private int _open = 1;

    /// <summary>Looks ahead when nothing of interest is pending, so that bookmarks of a quiet kind move on too.</summary>
    public long Position
    {
        get
        {
            var position = Interlocked.Read(ref _position);
            var ahead = history.Read(kind, position, 1);
            return ahead is { Status: HistoryReadStatus.Ok, Changes.Count: 0 } ? ahead.Position : position;
        }
    }

    public async ValueTask<Outcome<IReadOnlyList<Change>>> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_open == 0, this);
            var read = history.Read(kind, _position, ChangesPerRead);
            switch (read.Status)
            {
                case HistoryReadStatus.Expired:
                    return StoreFailures.Expired(_position);
                case HistoryReadStatus.Closed:
                    return StoreFailures.Closed;
            }

            Interlocked.Exchange(ref _position, read.Position);
            if (read.Changes.Count > 0)
            {
                return read.Changes;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _disposed.Token);
            await read.More!.WaitAsync(stop.Token);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _open, 0) == 1)
        {
            _disposed.Cancel();
            _disposed.Dispose();
            closed();
        }
    }
}
