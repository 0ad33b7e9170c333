using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Outbound;

/// <summary>How one service calls another.</summary>
public sealed record CallOptions
{
    /// <summary>From the first attempt to the last byte of the answer; of a streamed answer to its headers.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Further attempts after the first. Only for what may be sent twice: GET, HEAD, OPTIONS, PUT, DELETE, or anything with an Idempotency-Key.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The pause before the first retry; each further one is twice as long, with jitter.</summary>
    public TimeSpan RetryBase { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The share of failed attempts within <see cref="BreakerWindow"/> that makes further ones fail at once.</summary>
    public int BreakerErrorPercent { get; init; } = 50;

    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(10);

    public int BreakerCallsMin { get; init; } = 5;

    /// <summary>How long calls are refused before a single one may try.</summary>
    public TimeSpan BreakerReset { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls on their way at once; further ones are refused, so a slow neighbour cannot hold everything here.</summary>
    public int ConcurrencyMax { get; init; } = 200;

    /// <summary>The largest answer that is taken into memory.</summary>
    public long BytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>The caller reads the answer while it arrives; neither <see cref="BytesMax"/> nor the time limit counts for its body.</summary>
    public bool Streamed { get; init; }

    /// <summary>The defaults of a service, from its settings.</summary>
    internal static CallOptions Read(ServiceSettings settings) => new()
    {
        Timeout = AtLeast(settings, "CALL_TIMEOUT_MS", settings.Milliseconds("CALL_TIMEOUT_MS", 5000), 10),
        Retries = settings.Number("CALL_RETRIES", 2, 0, 10),
        RetryBase = settings.Milliseconds("CALL_RETRY_BASE_MS", 200),
        BreakerErrorPercent = settings.Number("CALL_BREAKER_ERROR_PERCENT", 50, 1, 100),
        BreakerReset = AtLeast(settings, "CALL_BREAKER_RESET_MS", settings.Milliseconds("CALL_BREAKER_RESET_MS", 30000), 500),
    };

    private static TimeSpan AtLeast(ServiceSettings settings, string name, TimeSpan value, int milliseconds)
    {
        if (value >= TimeSpan.FromMilliseconds(milliseconds))
        {
            return value;
        }

        settings.Mistaken($"{name} must be at least {milliseconds}, not {value.TotalMilliseconds:0}.");
        return TimeSpan.FromMilliseconds(milliseconds);
    }
}
