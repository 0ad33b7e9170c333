namespace Retail.Payments.Operations;

/// <summary>How long until the bank is asked again: a second, doubled each time, at most five minutes. Pure.</summary>
internal static class OperationBackoff
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    public static TimeSpan After(int attempts, TimeSpan first) =>
        TimeSpan.FromTicks(Math.Min(s_longest.Ticks, first.Ticks << Math.Clamp(attempts - 1, 0, 20)));
}
