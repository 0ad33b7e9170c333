namespace Slipway.Identity.Privacy;

/// <summary>
/// Erasure in two steps: the account is closed at once, and after a time for second thoughts what is personal is overwritten for good.
/// </summary>
internal static class ErasureRule
{
    public static readonly TimeSpan Wait = TimeSpan.FromDays(30);

    public static DateTimeOffset DueAt(DateTimeOffset requestedAt) => requestedAt + Wait;

    public static bool IsDue(DateTimeOffset requestedAt, DateTimeOffset now) => now >= DueAt(requestedAt);

    /// <summary>An address nobody can receive mail at (RFC 2606), distinct per account so that the unique index holds.</summary>
    public static string AnonymousEmail(Guid userId) => $"erased-{userId:N}@erased.invalid";

    /// <summary>The name that stands in the audit trail instead of the person.</summary>
    public static string AnonymousName(Guid userId) => $"erased-{userId:N}";
}
