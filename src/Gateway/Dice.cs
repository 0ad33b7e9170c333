namespace Slipway.Gateway;

/// <summary>Randomness of the request path. Given a seed it repeats itself, for tests; without one it costs no lock.</summary>
internal sealed class Dice
{
    private readonly Random? _seeded;
    private readonly Lock _lock = new();

    public Dice(int? seed = null)
    {
        _seeded = seed is { } value ? new Random(value) : null;
    }

    public uint Next() => (uint)NextLong();

    /// <summary>Evenly from 0 to <paramref name="limit"/> − 1.</summary>
    public int Next(int limit) => (int)(((ulong)Next() * (ulong)limit) >> 32);

    public ulong NextLong()
    {
        if (_seeded is null)
        {
            // Splits, spans and request ids need to be even and unique, not secret.
#pragma warning disable CA5394
            return unchecked((ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue));
        }

        lock (_lock)
        {
            return unchecked((ulong)_seeded.NextInt64(long.MinValue, long.MaxValue));
#pragma warning restore CA5394
        }
    }
}
