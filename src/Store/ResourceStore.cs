using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store.History;
using Slipway.Store.Journal;
using Slipway.Store.Pictures;
using Slipway.Store.Postgres;
using Slipway.Store.Writes;

namespace Slipway.Store;

/// <summary>
/// All objects in memory, every write in the journal first. A write passes, in this order: check → lane → decide →
/// journal → picture → history → answer. Readers never wait: they take the picture as it is.
/// </summary>
public sealed class ResourceStore : IResourceStore, IAsyncDisposable
{
    private static readonly TimeSpan s_closeWait = TimeSpan.FromSeconds(10);

    private readonly IJournal _journal;
    private readonly TimeProvider _time;
    private readonly StoreOptions _options;
    private readonly WriteLane _lane;
    private readonly ChangeHistory _history;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<string, ResourceKey> _uids;
    private volatile Picture _picture;
    private long _lastIdAt;
    private int _watches;
    private int _disposed;

    private ResourceStore(IJournal journal, JournalContents contents, TimeProvider time, StoreOptions options)
    {
        _journal = journal;
        _time = time;
        _options = options;
        _picture = Picture.Of(contents.Version, contents.Resources);
        _uids = new(contents.Resources.Select(resource => KeyValuePair.Create(resource.Uid, resource.Key)), StringComparer.Ordinal);
        _history = new ChangeHistory(options.HistoryChanges, options.HistoryBytes);
        _history.StartAt(contents.Version);
        _lane = new WriteLane(
            journal,
            time,
            () => new WriteBatch(_picture, Now(), NewId),
            Publish,
            NewId,
            options.WriteWait,
            _closing.Token);
    }

    public long Version => _picture.Version;

    /// <summary>Completes with the reason when this store must never write again, for example because another server took over the data.</summary>
    public Task<Failure> Lost => _lane.Lost;

    /// <summary>Writes that wait for a transaction, for metrics.</summary>
    public int WritesWaiting => _lane.Waiting;

    /// <summary>The store in a database. <paramref name="secretKey"/> (32 bytes) encrypts what Secrets hold.</summary>
    public static Task<Outcome<ResourceStore>> OpenAsync(
        DatabaseServer server, ReadOnlySpan<byte> secretKey, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var journal = new PostgresJournal(
            server.UnpooledPlatform(), new Sealing(secretKey), server.Name, StoreBounds.LockWait, time, loggers.CreateLogger<PostgresJournal>());
        return OpenAsync(journal, time, StoreOptions.Default, cancellation);
    }

    /// <summary>Loads everything the journal holds. The store owns the journal from here on.</summary>
    public static async Task<Outcome<ResourceStore>> OpenAsync(
        IJournal journal, TimeProvider time, StoreOptions options, CancellationToken cancellation)
    {
        var contents = await journal.OpenAsync(cancellation);
        if (contents.Failure is { } failure)
        {
            await journal.DisposeAsync();
            return failure;
        }

        return new ResourceStore(journal, contents.Value, time, options);
    }

    /// <summary>
    /// A store that keeps nothing on disk, for tests and simulations. Writes complete synchronously as long as the
    /// journal does. Open a second one over the same journal to see what a restart sees.
    /// </summary>
    public static ResourceStore InMemory(TimeProvider time, InMemoryJournal? journal = null, StoreOptions? options = null)
    {
        journal ??= new InMemoryJournal();
        return new ResourceStore(journal, journal.Contents(), time, options ?? StoreOptions.Default);
    }

    public Resource? Get(ResourceKey key) => _picture.Find(key);

    public Resource? FindByUid(string uid) =>
        _uids.TryGetValue(uid, out var key) && _picture.Find(key) is { } resource && resource.Uid == uid ? resource : null;

    public ResourceList List(ResourceKind kind, string? @namespace = null)
    {
        var picture = _picture;
        var objects = picture.Of(kind);
        return new ResourceList(picture.Version, string.IsNullOrEmpty(@namespace) ? objects.All : objects.In(@namespace));
    }

    public Task<Outcome<Resource>> CreateAsync(Resource draft, WriteOptions options, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(draft.Metadata.Name) && !string.IsNullOrEmpty(draft.Metadata.GenerateName))
        {
            draft = draft.With(draft.Metadata with { Name = GeneratedName.After(draft.Metadata.GenerateName, _options.Random) });
        }

        return Refusal(draft) is { } failure
            ? Task.FromResult<Outcome<Resource>>(failure)
            : WriteAsync(new PendingCreate(draft), options.DryRun, cancellation);
    }

    public Task<Outcome<Resource>> ReplaceAsync(Resource next, WriteOptions options, CancellationToken cancellation) =>
        Refusal(next) is { } failure
            ? Task.FromResult<Outcome<Resource>>(failure)
            : WriteAsync(new PendingReplace(next, name => !_picture.HoldsAnythingIn(name)), options.DryRun, cancellation);

    public Task<Outcome<Resource>> DeleteAsync(ResourceKey key, DeleteOptions options, CancellationToken cancellation) =>
        WriteAsync(new PendingDelete(key, options), options.DryRun, cancellation);

    public Outcome<IWatch> Watch(ResourceKind? kind, long after)
    {
        // A version from the future comes from another life of this store; waiting for it would be waiting for ever.
        if (after > _picture.Version || _history.Read(kind, after, 1).Status == HistoryReadStatus.Expired)
        {
            return StoreFailures.Expired(after);
        }

        if (Interlocked.Increment(ref _watches) > StoreBounds.Watches)
        {
            Interlocked.Decrement(ref _watches);
            return StoreFailures.TooManyWatchers;
        }

        return new HistoryWatch(_history, kind, after, () => Interlocked.Decrement(ref _watches));
    }

    /// <summary>Refuses new writes, lets the transaction under way finish, ends every watch.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        var stopped = _lane.CloseAsync();
        try
        {
            await stopped.WaitAsync(s_closeWait, _time);
        }
        catch (TimeoutException)
        {
            await _closing.CancelAsync();
            await stopped;
        }

        _history.Close();
        await _journal.DisposeAsync();
        _closing.Dispose();
    }

    private async Task<Outcome<Resource>> WriteAsync(PendingWrite write, bool dryRun, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (dryRun)
        {
            return DryRun(write);
        }

        if (_lane.Enter(write) is { } failure)
        {
            return failure;
        }

        if (write.Answer.IsCompleted)
        {
            return await write.Answer;
        }

        try
        {
            return await write.Answer.WaitAsync(_options.WriteWait, _time, cancellation);
        }
        catch (TimeoutException)
        {
            var unwritten = write.Leave();
            return write.Answer.IsCompleted ? await write.Answer : unwritten ? StoreFailures.DatabaseUnavailable : StoreFailures.InDoubt;
        }
        catch (OperationCanceledException)
        {
            write.Leave();
            throw;
        }
    }

    private Outcome<Resource> DryRun(PendingWrite write)
    {
        var picture = _picture;
        return write.Decide(picture.Find, new DecisionContext(picture.Version + 1, Now(), NewId)) switch
        {
            Decision.Refuse refusal => refusal.Failure,
            Decision.Keep same => same.Current,
            Decision.Make { Change: var change } => WouldBe(change),
            var unknown => throw new InvalidOperationException($"{unknown} is no decision."),
        };
    }

    /// <summary>Its version was never handed out, so it must not look as if it could be watched from.</summary>
    private static Resource WouldBe(Change change) =>
        change.Resource.With(change.Resource.Metadata with { ResourceVersion = change.Before?.Metadata.ResourceVersion });

    private void Publish(WriteBatch batch)
    {
        foreach (var change in batch.Changes.Where(change => change.Type == ChangeType.Added))
        {
            _uids[change.Resource.Uid] = change.Resource.Key;
        }

        _picture = batch.After();
        foreach (var change in batch.Changes.Where(change => change.Type == ChangeType.Deleted))
        {
            _uids.TryRemove(change.Resource.Uid, out _);
        }

        _history.Append(batch.Changes);
    }

    private static Failure? Refusal(Resource resource)
    {
        if (resource.Name.Length == 0)
        {
            return StoreFailures.Invalid("metadata.name", "a name is required; set it, or metadata.generateName to have one made");
        }

        if (resource.Kind.Namespaced != resource.Namespace.Length > 0)
        {
            return StoreFailures.Invalid(
                "metadata.namespace",
                resource.Kind.Namespaced
                    ? $"{resource.Kind.Qualified} live in a namespace; name it"
                    : $"{resource.Kind.Qualified} are cluster-wide; leave it out");
        }

        var bytes = Weight.Of(resource);
        if (bytes > StoreBounds.ObjectBytes)
        {
            return StoreFailures.TooLarge(resource.Key, bytes);
        }

        return BodyRules.Check(resource);
    }

    /// <summary>
    /// Ids grow in the order in which they are made, also within a millisecond: creation times are whole seconds, so the id
    /// is what tells the older of two objects.
    /// </summary>
    private Guid NewId()
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        while (true)
        {
            var last = Volatile.Read(ref _lastIdAt);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _lastIdAt, next, last) == last)
            {
                return _options.NewId(DateTimeOffset.FromUnixTimeMilliseconds(next));
            }
        }
    }

    private DateTimeOffset Now()
    {
        var now = _time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
    }
}
