namespace Slipway.Identity.Tests;

/// <summary>The real clock, put forward. Timers keep running in real time, so a service lives on while days pass.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public void Leap(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
