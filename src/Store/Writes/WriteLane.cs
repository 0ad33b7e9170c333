using Slipway.Model.Failures;
using Slipway.Store.Journal;

namespace Slipway.Store.Writes;

/// <summary>
/// The one lane every write passes: wait, decide, make durable, publish, answer. While one transaction is being
/// committed the next writes gather, so that the busier the store is the more writes share a commit. There is no thread of
/// its own: whoever finds the lane empty drives it, which makes an in-memory store entirely synchronous.
/// </summary>
internal sealed class WriteLane(
    IJournal journal,
    TimeProvider time,
    Func<WriteBatch> beginBatch,
    Action<WriteBatch> publish,
    Func<Guid> newBatchId,
    TimeSpan writeWait,
    CancellationToken closing)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<PendingWrite> _waiting = [];
    private readonly TaskCompletionSource<Failure> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _driven;
    private bool _closed;
    private long? _downSince;
    private bool _single;

    /// <summary>Completes when the data has another owner: this process must not go on as if it were the master.</summary>
    public Task<Failure> Lost => _lost.Task;

    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Null when the write was queued.</summary>
    public Failure? Enter(PendingWrite write)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return StoreFailures.Closed;
            }

            if (_lost.Task.IsCompletedSuccessfully)
            {
                return _lost.Task.Result;
            }

            if (_downSince is { } since && time.GetElapsedTime(since) >= writeWait)
            {
                return StoreFailures.DatabaseUnavailable;
            }

            if (_waiting.Count >= StoreBounds.WritesWaiting)
            {
                return StoreFailures.Busy;
            }

            _waiting.AddLast(write);
            if (_driven)
            {
                return null;
            }

            _driven = true;
        }

        // The lane belongs to everybody, so it must not run under the first writer's ambient context.
        if (ExecutionContext.IsFlowSuppressed())
        {
            _ = DriveAsync();
        }
        else
        {
            using (ExecutionContext.SuppressFlow())
            {
                _ = DriveAsync();
            }
        }

        return null;
    }

    /// <summary>No more writes; completes when the last one that was begun has been answered.</summary>
    public Task CloseAsync()
    {
        List<PendingWrite> refused;
        lock (_lock)
        {
            _closed = true;
            refused = [.. _waiting];
            _waiting.Clear();
            if (!_driven)
            {
                _stopped.TrySetResult();
            }
        }

        refused.ForEach(write => write.AnswerWith(StoreFailures.Closed));
        return _stopped.Task;
    }

    private async Task DriveAsync()
    {
        var writes = new List<PendingWrite>();
        try
        {
            while (Take(writes))
            {
                var batch = beginBatch();
                writes.ForEach(batch.Add);
                await CommitAsync(batch);
                writes.Clear();
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            EndWith(StoreFailures.Closed, writes);
        }
        catch (Exception bug)
        {
            // Going on after a broken invariant could acknowledge what is not kept, so the lane ends here for good and
            // whoever watches Lost hears the reason.
            EndWith(
                new Failure(FailureKind.Unavailable, "store-failed", $"The store stopped writing because of an internal error: {bug}"),
                writes);
        }
    }

    private bool Take(List<PendingWrite> taken)
    {
        lock (_lock)
        {
            var bytes = 0;
            while (_waiting.First is { } first && taken.Count < BatchSize && bytes < StoreBounds.BytesPerBatch)
            {
                _waiting.RemoveFirst();
                if (first.Value.TryTake())
                {
                    taken.Add(first.Value);
                    bytes += first.Value.Bytes;
                }
            }

            if (taken.Count == 0)
            {
                Rest_NeedsLock();
            }

            return taken.Count > 0;
        }
    }

    private void Rest_NeedsLock()
    {
        _driven = false;
        _single = false;
        if (_closed)
        {
            _stopped.TrySetResult();
        }
    }

    /// <summary>After a refusal the writes go one by one, so that the guilty one is refused alone.</summary>
    private int BatchSize => _single ? 1 : StoreBounds.WritesPerBatch;

    private async Task CommitAsync(WriteBatch batch)
    {
        if (batch.Changes.Count == 0)
        {
            batch.AnswerAll();
            return;
        }

        var forJournal = batch.ForJournal(newBatchId());
        var result = await journal.AppendAsync(forJournal, closing);
        switch (result.Status)
        {
            case AppendStatus.Committed:
                publish(batch);
                batch.AnswerAll();
                break;

            case AppendStatus.Refused when batch.WriteCount == 1:
                batch.Writes.Single().AnswerWith(result.Failure!);
                break;

            case AppendStatus.Refused:
                _single = true;
                PutBack(batch);
                break;

            case AppendStatus.NotCommitted:
                // Certain, so it may wait in the queue again: whoever leaves now knows that nothing was written.
                PutBack(batch);
                await RecoverAsync(null);
                break;

            case AppendStatus.InDoubt:
                switch (await RecoverAsync(forJournal))
                {
                    case { Lost: not null }:
                        break;
                    case { Committed: true }:
                        publish(batch);
                        batch.AnswerAll();
                        break;
                    default:
                        PutBack(batch);
                        break;
                }

                break;

            case AppendStatus.Lost:
                PutBack(batch);
                EndWith(result.Failure!, []);
                break;
        }
    }

    private async Task<Recovery> RecoverAsync(JournalBatch? doubtful)
    {
        lock (_lock)
        {
            _downSince = time.GetTimestamp();
        }

        var recovery = await journal.RecoverAsync(doubtful, closing);
        lock (_lock)
        {
            _downSince = null;
        }

        if (recovery.Lost is { } failure)
        {
            EndWith(failure, []);
        }

        return recovery;
    }

    private void PutBack(WriteBatch batch)
    {
        lock (_lock)
        {
            foreach (var write in batch.Writes.Reverse().Where(write => write.TryPutBack()))
            {
                _waiting.AddFirst(write);
            }
        }
    }

    private void EndWith(Failure failure, IReadOnlyList<PendingWrite> begun)
    {
        List<PendingWrite> refused;
        lock (_lock)
        {
            _lost.TrySetResult(failure);
            refused = [.. _waiting];
            _waiting.Clear();
            Rest_NeedsLock();
        }

        refused.ForEach(write => write.AnswerWith(failure));
        foreach (var write in begun)
        {
            write.AnswerWith(StoreFailures.InDoubt);
        }
    }
}
