namespace Slipway.Registry.Tests;

/// <summary>Time that moves when a test says so. Timers run on real time, since what waits for a network waits for real.</summary>
internal sealed class ManualTime : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
}
