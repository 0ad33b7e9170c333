namespace Slipway.Identity.Privacy;

/// <summary>
/// Erasure in two steps: the account is closed at once, and after a time for second thoughts what is personal is overwritten for good.
/// </summary>
internal static class ErasureRule
{
    public static readonly TimeSpan Wait = TimeSpan.FromDays(30);

    public static DateTimeOffset DueAt(DateTimeOffset requestedAt) => requestedAt + Wait;
}

/// <summary>An erasure as it is kept; this is also a line of the list that is replayed after a restore.</summary>
internal sealed record Erasure(Guid UserId, DateTimeOffset RequestedAt, DateTimeOffset DueAt, DateTimeOffset? AnonymisedAt);
