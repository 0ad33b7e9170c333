using System.Collections.Concurrent;

namespace Slipway.Sdk.Limits;

/// <summary>
/// All limits and their buckets. Buckets are bounded: when there are too many, the full ones go first since they say
/// nothing, and if all are in use then everything is forgotten, which lets some calls through but never stops a caller wrongly.
/// </summary>
internal sealed class LimitBook(TimeProvider time, int bucketsMax = 100_000)
{
    private readonly Dictionary<string, Limit> _limits = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly long _origin = time.GetTimestamp();

    /// <summary>LIMITS=off: a load test measures the service, not its limits.</summary>
    public bool Off { get; set; }

    public void Add(Limit limit)
    {
        if (!_limits.TryAdd(limit.Name, limit))
        {
            throw new ArgumentException($"There is a limit {limit.Name} already.", nameof(limit));
        }
    }

    public Limit Find(string name) =>
        _limits.TryGetValue(name, out var limit) ? limit : throw new InvalidOperationException($"There is no limit {name}; declare it with Limit(name, permits, window, by).");

    public bool Has(string name) => _limits.ContainsKey(name);

    public Permit Take(Limit limit, string partition)
    {
        var now = time.GetElapsedTime(_origin);
        if (_slots.Count >= bucketsMax)
        {
            Forget(now);
        }

        var key = $"{limit.Name} {partition}";
        if (!_slots.TryGetValue(key, out var slot))
        {
            slot = _slots.GetOrAdd(key, new Slot(limit, Bucket.Full(limit, now)));
        }

        lock (slot)
        {
            (slot.Bucket, var taken) = slot.Bucket.Take(limit, now);
            return new Permit(taken, (int)slot.Bucket.Tokens, slot.Bucket.UntilNext(limit), slot.Bucket.UntilFull(limit));
        }
    }

    /// <summary>What a call would hear, without counting as one.</summary>
    public Permit Look(Limit limit, string partition)
    {
        var now = time.GetElapsedTime(_origin);
        var bucket = Bucket.Full(limit, now);
        if (_slots.TryGetValue($"{limit.Name} {partition}", out var slot))
        {
            lock (slot)
            {
                bucket = slot.Bucket with { Tokens = slot.Bucket.TokensAt(limit, now), At = now };
            }
        }

        return new Permit(bucket.Tokens >= 1, (int)bucket.Tokens, bucket.UntilNext(limit), bucket.UntilFull(limit));
    }

    private void Forget(TimeSpan now)
    {
        foreach (var (key, slot) in _slots)
        {
            if (slot.Bucket.TokensAt(slot.Limit, now) >= slot.Limit.Permits)
            {
                _slots.TryRemove(key, out _);
            }
        }

        if (_slots.Count >= bucketsMax)
        {
            _slots.Clear();
        }
    }

    private sealed class Slot(Limit limit, Bucket bucket)
    {
        public Limit Limit => limit;

        public Bucket Bucket { get; set; } = bucket;
    }
}

internal readonly record struct Permit(bool Granted, int Remaining, TimeSpan UntilNext, TimeSpan UntilFull);
