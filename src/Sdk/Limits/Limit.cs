namespace Slipway.Sdk.Limits;

/// <summary>A named rate: so many calls in a window, counted as a bucket that refills evenly.</summary>
internal sealed record Limit(string Name, int Permits, TimeSpan Window, LimitBy By);
