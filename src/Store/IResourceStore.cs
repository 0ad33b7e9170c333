using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store;

/// <summary>
/// The single source of truth. Reads are answered from memory and never wait; a write returns after it is durable in
/// PostgreSQL and visible to every reader. Versions come from one strictly increasing counter.
/// </summary>
public interface IResourceStore
{
    /// <summary>The version of the newest change that is visible.</summary>
    long Version { get; }

    Resource? Get(ResourceKey key);

    Resource? FindByUid(string uid);

    /// <summary>Everything of a kind at one version, sorted by namespace and name. Cheap: an immutable picture is shared.</summary>
    ResourceList List(ResourceKind kind, string? @namespace = null);

    /// <summary>Stores a draft: sets uid, creationTimestamp, generation 1 and resourceVersion. An existing name fails with AlreadyExists.</summary>
    Task<Outcome<Resource>> CreateAsync(Resource draft, WriteOptions options, CancellationToken cancellation);

    /// <summary>
    /// Replaces the version the caller has read: <c>metadata.resourceVersion</c> must be the current one, else Conflict.
    /// Server-owned metadata (uid, creationTimestamp, generation, deletionTimestamp) is kept from the current version.
    /// Generation grows when anything beside metadata and status differs. Writing what is already there changes nothing,
    /// emits nothing and returns the current version. Removing the last finalizer of a deleting object removes it.
    /// </summary>
    Task<Outcome<Resource>> ReplaceAsync(Resource next, WriteOptions options, CancellationToken cancellation);

    /// <summary>
    /// Removes an object, or marks it with deletionTimestamp while finalizers remain (Foreground adds
    /// <c>foregroundDeletion</c>, Orphan adds <c>orphan</c>; the garbage collector takes both off again).
    /// Returns the last version; a preconditions mismatch is a Conflict.
    /// </summary>
    Task<Outcome<Resource>> DeleteAsync(ResourceKey key, DeleteOptions options, CancellationToken cancellation);

    /// <summary>
    /// Every change with a version greater than <paramref name="after"/>, in order, of one kind or of all.
    /// Expired when that version is older than the history that is kept (100,000 changes or what memory allows).
    /// A watcher reads the shared history by position: a slow one costs nobody anything and is ended with Expired when
    /// the history has moved past it.
    /// </summary>
    Outcome<IWatch> Watch(ResourceKind? kind, long after);
}

public sealed record ResourceList(long Version, IReadOnlyList<Resource> Items);

/// <param name="DryRun">Do everything but keep it: the would-be object comes back.</param>
public sealed record WriteOptions(bool DryRun = false)
{
    public static WriteOptions Default { get; } = new();
}

public enum Propagation
{
    Background,
    Foreground,
    Orphan,
}

public sealed record DeleteOptions(
    Propagation Propagation = Propagation.Background,
    string? Uid = null,
    string? ResourceVersion = null,
    bool DryRun = false)
{
    public static DeleteOptions Default { get; } = new();
}

public enum ChangeType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One committed change. A deletion has a version of its own, carried by <see cref="Resource"/>.</summary>
/// <param name="Before">The version it replaced: selectors need it to tell leaving from changing.</param>
public sealed record Change(ChangeType Type, Resource Resource, Resource? Before)
{
    public long Version => Resource.Version;
}

public interface IWatch : IDisposable
{
    /// <summary>
    /// The next changes, at least one, waiting for them if there are none yet. Fails with Expired when this watcher
    /// fell behind the history. Cancelling is the normal way to stop waiting.
    /// </summary>
    ValueTask<Outcome<IReadOnlyList<Change>>> NextAsync(CancellationToken cancellation);

    /// <summary>Every change up to this version was handed out or does not concern this watcher: what a bookmark says.</summary>
    long Position { get; }
}
