namespace Slipway.Control.Reconciling;

/// <summary>Waits that double from a base up to a cap; jitter keeps keys that failed together from coming back together.</summary>
internal sealed record Backoff(TimeSpan Base, TimeSpan Cap, double Jitter = 0.2)
{
    public static Backoff Default { get; } = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(60));

    /// <param name="failures">Failures in a row so far, at least one.</param>
    /// <param name="dice">A number from 0 to 1.</param>
    public TimeSpan After(int failures, double dice)
    {
        // The exponent is bounded before the multiplication, because 2^60 milliseconds is no time span any more.
        var doubled = Base.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30));
        var capped = Math.Min(doubled, Cap.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(capped * (1 - (Jitter / 2) + (Jitter * dice)));
    }
}
