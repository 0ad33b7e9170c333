namespace Slipway.Sdk.Outbound;

/// <summary>How one service calls another.</summary>
public sealed record CallOptions
{
    /// <summary>From the first attempt to the last byte of the answer; of a streamed answer to its headers.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Further attempts after the first. Only for what may be sent twice: GET, HEAD, OPTIONS, PUT, DELETE, or anything with an Idempotency-Key.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The share of failed attempts within ten seconds that makes further ones fail at once.</summary>
    public int BreakerErrorPercent { get; init; } = 50;

    public int BreakerCallsMin { get; init; } = 5;

    public TimeSpan BreakerReset { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Calls on their way at once; further ones are refused, so a slow neighbour cannot hold everything here.</summary>
    public int ConcurrencyMax { get; init; } = 200;

    /// <summary>The largest answer that is taken into memory.</summary>
    public long BytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>The caller reads the answer while it arrives; neither <see cref="BytesMax"/> nor the time limit counts for its body.</summary>
    public bool Streamed { get; init; }
}
