using Slipway.Eventing.Events;

namespace Slipway.Eventing.Subscriptions;

/// <summary>How far deliveries have come, and what could not be delivered. Subscriptions are named by the Trigger's uid.</summary>
internal interface ISubscriptionStore
{
    /// <summary>Where each partition goes on. Partitions without a position get the one given.</summary>
    Task<IReadOnlyList<Progress>> OpenAsync(string subscription, IReadOnlyList<Progress> starts, CancellationToken cancellation);

    /// <summary>Later positions of several subscriptions at once.</summary>
    Task StoreAsync(IReadOnlyList<Progress> positions, CancellationToken cancellation);

    /// <summary>Goes back, or forth: whatever is said is where it goes on.</summary>
    Task MoveAsync(Progress position, CancellationToken cancellation);

    /// <summary>Keys with something held, and whether the first of it may be delivered.</summary>
    Task<IReadOnlyList<HeldKey>> HeldKeysAsync(string subscription, CancellationToken cancellation);

    /// <summary>Keeps events; one that is kept already stays as it is.</summary>
    Task HoldAsync(IReadOnlyList<HeldEvent> events, CancellationToken cancellation);

    /// <summary>The first event of a key that is held, or null.</summary>
    Task<HeldEvent?> FirstHeldAsync(string subscription, int partition, string key, CancellationToken cancellation);

    /// <summary>One that was delivered after all, or given up for good.</summary>
    Task ReleaseAsync(long id, CancellationToken cancellation);

    /// <summary>One that was tried again in vain.</summary>
    Task DieAsync(HeldEvent dead, CancellationToken cancellation);

    Task<IReadOnlyList<HeldEvent>> ListAsync(HeldQuery query, CancellationToken cancellation);

    /// <summary>Dead ones may be tried again. Answers which keys are concerned.</summary>
    Task<IReadOnlyList<HeldKey>> RetryAsync(HeldQuery query, CancellationToken cancellation);

    /// <summary>Dead ones are left out for good; the reason is kept with them.</summary>
    Task<IReadOnlyList<HeldKey>> SkipAsync(HeldQuery query, string reason, CancellationToken cancellation);

    /// <summary>Forgets subscriptions that are not among these, and what was skipped before a time.</summary>
    Task CleanAsync(IReadOnlyCollection<string> living, DateTimeOffset skippedBefore, CancellationToken cancellation);

    /// <summary>How many are held: dead, and waiting behind those.</summary>
    Task<HeldCount> CountAsync(string subscription, CancellationToken cancellation);
}

/// <param name="Place">Everything before it is done.</param>
/// <param name="ReplayUntil">What stands before this was delivered once already.</param>
internal sealed record Progress(string Subscription, int Partition, long Place, long ReplayUntil = 0);

internal sealed record HeldKey(string Subscription, int Partition, string Key, bool MayGo);

internal readonly record struct HeldCount(long Dead, long Waiting);

internal enum HeldState
{
    /// <summary>Given up; an operator decides.</summary>
    Dead,

    /// <summary>Behind a dead one of the same key, or to be tried again.</summary>
    Waiting,

    /// <summary>Left out by an operator.</summary>
    Skipped,
}

internal sealed record HeldEvent
{
    /// <summary>0 until it is stored.</summary>
    public long Id { get; init; }

    public required string Subscription { get; init; }

    public required int Partition { get; init; }

    public required long Place { get; init; }

    public required string Key { get; init; }

    public required HeldState State { get; init; }

    public required DateTimeOffset AppendedAt { get; init; }

    public required CloudEvent Event { get; init; }

    public bool Replay { get; init; }

    public int Attempts { get; init; }

    public int? Code { get; init; }

    public string? Error { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>Members that are null do not filter.</summary>
internal sealed record HeldQuery
{
    public required IReadOnlyList<string> Subscriptions { get; init; }

    public long? Id { get; init; }

    public string? Type { get; init; }

    public string? Key { get; init; }

    public int? Code { get; init; }

    /// <summary>Those behind this one.</summary>
    public long After { get; init; }

    public HeldState State { get; init; } = HeldState.Dead;

    public int Limit { get; init; } = 100;
}
