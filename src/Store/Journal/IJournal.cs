using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store.Journal;

/// <summary>
/// Where writes become durable. The store calls it from one place and never concurrently, so an implementation only has
/// to be honest about one question: is this batch kept or not?
/// </summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>Everything that was ever committed. Called once, before any other call; from then on nobody else may write.</summary>
    Task<Outcome<JournalContents>> OpenAsync(CancellationToken cancellation);

    /// <summary>Keeps all entries of a batch or none. <see cref="AppendStatus.Committed"/> means they survive a power cut.</summary>
    Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancellation);

    /// <summary>
    /// Waits, for as long as it takes, until the journal can take writes again. When <paramref name="doubtful"/> is given
    /// the answer says whether that batch was kept.
    /// </summary>
    Task<Recovery> RecoverAsync(JournalBatch? doubtful, CancellationToken cancellation);
}

/// <param name="Version">The counter: no version above it was ever handed out.</param>
public sealed record JournalContents(long Version, IReadOnlyList<Resource> Resources);

/// <summary>The last state of every object that a group of writes touched, and the versions that group uses up.</summary>
public sealed record JournalBatch(Guid Id, long VersionBefore, long VersionAfter, IReadOnlyList<JournalEntry> Entries);

/// <param name="Removed">The object is gone; <paramref name="Resource"/> says which one it was.</param>
public readonly record struct JournalEntry(Resource Resource, bool Removed);

public enum AppendStatus
{
    Committed,

    /// <summary>Certainly not kept, and the journal cannot be reached now.</summary>
    NotCommitted,

    /// <summary>Certainly not kept: the content was refused. The journal itself is well.</summary>
    Refused,

    /// <summary>The connection broke at the worst moment. <see cref="IJournal.RecoverAsync"/> finds out.</summary>
    InDoubt,

    /// <summary>Somebody else owns the data now; this store must never write again.</summary>
    Lost,
}

public sealed record AppendResult(AppendStatus Status, Failure? Failure = null)
{
    public static AppendResult Committed { get; } = new(AppendStatus.Committed);

    public static AppendResult NotCommitted { get; } = new(AppendStatus.NotCommitted);

    public static AppendResult InDoubt { get; } = new(AppendStatus.InDoubt);
}

/// <param name="Committed">Whether the doubtful batch was kept; false when none was asked about.</param>
/// <param name="Lost">Set when somebody else owns the data now.</param>
public sealed record Recovery(bool Committed, Failure? Lost = null);
