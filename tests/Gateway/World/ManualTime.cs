namespace Slipway.Gateway.Tests.World;

/// <summary>A clock that a test moves. Its timestamps use an odd frequency so that mixing them with ticks shows.</summary>
internal sealed class ManualTime : TimeProvider
{
    private TimeSpan _passed = TimeSpan.FromHours(1);

    public override long TimestampFrequency => 3_000_000;

    public override long GetTimestamp() => (long)(_passed.TotalSeconds * TimestampFrequency);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + _passed;

    public void Advance(TimeSpan span) => _passed += span;
}
