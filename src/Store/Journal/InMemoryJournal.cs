using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store.Journal;

/// <summary>What goes wrong with one append; chosen by a test or by a simulation's random source.</summary>
public enum JournalFault
{
    None,

    /// <summary>The connection was gone before anything was sent.</summary>
    Unreachable,

    /// <summary>The server refuses the content.</summary>
    Refused,

    /// <summary>It was kept, but the answer never came.</summary>
    AnswerLost,

    /// <summary>It was not kept, and nobody can tell yet.</summary>
    RequestLost,
}

/// <summary>
/// A journal for tests and simulations with the manners of the real one: all or nothing, honest about doubt. It outlives
/// the store that uses it, so opening a second store over it is what a restart looks like.
/// </summary>
public sealed class InMemoryJournal : IJournal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ResourceKey, Resource> _kept = [];
    private TaskCompletionSource? _outage;
    private long _version;
    private Guid _lastBatch;

    /// <summary>Asked before every append; null means that nothing ever goes wrong.</summary>
    public Func<JournalBatch, JournalFault>? Faults { get; set; }

    /// <summary>Awaited before every append, for tests that want to hold a batch back.</summary>
    public Func<JournalBatch, Task>? BeforeAppend { get; set; }

    /// <summary>How many batches were kept.</summary>
    public int Batches { get; private set; }

    /// <summary>While true every append is unreachable and recovery waits.</summary>
    public bool Down
    {
        get
        {
            lock (_lock)
            {
                return _outage is not null;
            }
        }

        set
        {
            TaskCompletionSource? over = null;
            lock (_lock)
            {
                if (value)
                {
                    _outage ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
                else
                {
                    (over, _outage) = (_outage, null);
                }
            }

            over?.SetResult();
        }
    }

    /// <summary>What a restart would find.</summary>
    public JournalContents Contents()
    {
        lock (_lock)
        {
            return new JournalContents(_version, [.. _kept.Values]);
        }
    }

    public Task<Outcome<JournalContents>> OpenAsync(CancellationToken cancellation) =>
        Task.FromResult<Outcome<JournalContents>>(Contents());

    public async Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancellation)
    {
        if (BeforeAppend is { } before)
        {
            await before(batch);
        }

        var fault = Down ? JournalFault.Unreachable : Faults?.Invoke(batch) ?? JournalFault.None;
        if (fault is JournalFault.None or JournalFault.AnswerLost)
        {
            Keep(batch);
        }

        return fault switch
        {
            JournalFault.None => AppendResult.Committed,
            JournalFault.Unreachable => AppendResult.NotCommitted,
            JournalFault.Refused => new AppendResult(
                AppendStatus.Refused,
                new Failure(FailureKind.Invalid, "database-refused", "The journal refused the content of this write.")),
            _ => AppendResult.InDoubt,
        };
    }

    public async Task<Recovery> RecoverAsync(JournalBatch? doubtful, CancellationToken cancellation)
    {
        Task? outage;
        lock (_lock)
        {
            outage = _outage?.Task;
        }

        if (outage is not null)
        {
            await outage.WaitAsync(cancellation);
        }

        lock (_lock)
        {
            return new Recovery(doubtful is not null && doubtful.Id == _lastBatch);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Keep(JournalBatch batch)
    {
        lock (_lock)
        {
            if (batch.VersionBefore != _version)
            {
                throw new InvalidOperationException(
                    $"A batch starts at version {batch.VersionBefore}, but the journal is at {_version}: two stores write to it.");
            }

            foreach (var (resource, removed) in batch.Entries)
            {
                if (removed)
                {
                    _kept.Remove(resource.Key);
                }
                else
                {
                    _kept[resource.Key] = resource;
                }
            }

            _version = batch.VersionAfter;
            _lastBatch = batch.Id;
            Batches++;
        }
    }
}
