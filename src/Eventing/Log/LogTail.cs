namespace Slipway.Eventing.Log;

/// <summary>
/// The end of one partition: how far it goes, and its newest records in memory, so that a reader who keeps up never asks
/// the database. Bounded in count and in bytes; older records are read from the table.
/// </summary>
internal sealed class LogTail(int countMax, long bytesMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<LogRecord> _records = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _kept;
    private long _begin;
    private long _end;
    private long _bytesBefore;
    private long _bytesEnd;

    /// <summary>The place the next record gets.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Bytes of all records there ever were.</summary>
    public long BytesEnd => Volatile.Read(ref _bytesEnd);

    public LogRange Range
    {
        get
        {
            lock (_gate)
            {
                return new LogRange(_begin, _end, _bytesEnd - _bytesBefore);
            }
        }
    }

    /// <summary>Starts again from what the database says.</summary>
    public void Load(long begin, long bytesBefore, long end, long bytesEnd)
    {
        lock (_gate)
        {
            (_begin, _bytesBefore, _end, _bytesEnd) = (begin, bytesBefore, end, bytesEnd);
            _records.Clear();
            _kept = 0;
        }

        Wake();
    }

    public void Publish(IReadOnlyList<LogRecord> records, long bytes)
    {
        lock (_gate)
        {
            foreach (var record in records)
            {
                _records.Enqueue(record);
                _kept += record.Event.Size;
            }

            _end = records[^1].Place + 1;
            _bytesEnd += bytes;
            while (_records.Count > countMax || _kept > bytesMax)
            {
                _kept -= _records.Dequeue().Event.Size;
            }
        }

        Wake();
    }

    public void Trimmed(long begin, long bytesBefore)
    {
        lock (_gate)
        {
            (_begin, _bytesBefore) = (begin, bytesBefore);
            while (_records.TryPeek(out var first) && first.Place < begin)
            {
                _kept -= _records.Dequeue().Event.Size;
            }
        }
    }

    /// <summary>Null when memory does not reach back so far.</summary>
    public IReadOnlyList<LogRecord>? Read(long from, int limit)
    {
        lock (_gate)
        {
            if (from >= _end)
            {
                return [];
            }

            return _records.TryPeek(out var first) && first.Place <= from
                ? [.. _records.Skip((int)(from - first.Place)).Take(limit)]
                : null;
        }
    }

    public Task WaitAsync(long place, CancellationToken cancellation)
    {
        // The task is taken before the end is looked at, so that a move in between is not missed.
        var moved = Volatile.Read(ref _moved).Task;
        return End > place ? Task.CompletedTask : WaitAsync(moved, place, cancellation);
    }

    private async Task WaitAsync(Task moved, long place, CancellationToken cancellation)
    {
        while (true)
        {
            await moved.WaitAsync(cancellation);
            moved = Volatile.Read(ref _moved).Task;
            if (End > place)
            {
                return;
            }
        }
    }

    private void Wake() =>
        Interlocked.Exchange(ref _moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
