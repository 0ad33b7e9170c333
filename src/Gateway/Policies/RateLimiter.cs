using System.Collections.Concurrent;

namespace Slipway.Gateway.Policies;

/// <summary>
/// Token buckets by key, in a table of bounded size. A bucket that has filled up again says the same as no bucket, so
/// those are forgotten first; if that is not enough, the ones least recently used.
/// </summary>
internal sealed class RateLimiter(double perSecond, int burst, int keysMax, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly Lock _evicting = new();

    public double PerSecond => perSecond;

    public int Burst => burst;

    public int Keys => _buckets.Count;

    /// <summary>Seconds in which an empty bucket is full again: the window clients are told.</summary>
    public int WindowSeconds => (int)Math.Min(int.MaxValue, Math.Max(1, Math.Ceiling(burst / perSecond)));

    public RateDecision Take(string key)
    {
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            if (_buckets.Count >= keysMax)
            {
                Evict();
            }

            bucket = _buckets.GetOrAdd(key, static (_, limiter) => limiter.FullBucket(), this);
        }

        lock (bucket)
        {
            var now = time.GetTimestamp();
            bucket.Tokens = Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.FilledAt, now).TotalSeconds * perSecond));
            bucket.FilledAt = now;
            var allowed = bucket.Tokens >= 1;
            if (allowed)
            {
                bucket.Tokens -= 1;
            }

            return new RateDecision(
                allowed,
                (int)bucket.Tokens,
                (int)Math.Ceiling((burst - bucket.Tokens) / perSecond),
                allowed ? 0 : Math.Max(1, (int)Math.Ceiling((1 - bucket.Tokens) / perSecond)));
        }
    }

    private Bucket FullBucket() => new() { Tokens = burst, FilledAt = time.GetTimestamp() };

    private void Evict()
    {
        lock (_evicting)
        {
            if (_buckets.Count < keysMax)
            {
                return;
            }

            var now = time.GetTimestamp();
            foreach (var (key, bucket) in _buckets)
            {
                if (bucket.Tokens + (time.GetElapsedTime(bucket.FilledAt, now).TotalSeconds * perSecond) >= burst)
                {
                    _buckets.TryRemove(key, out _);
                }
            }

            if (_buckets.Count < keysMax)
            {
                return;
            }

            foreach (var (key, _) in _buckets.OrderBy(entry => entry.Value.FilledAt).Take((keysMax / 2) + 1).ToList())
            {
                _buckets.TryRemove(key, out _);
            }
        }
    }

    private sealed class Bucket
    {
        public double Tokens { get; set; }

        public long FilledAt { get; set; }
    }
}

/// <param name="ResetSeconds">Until the bucket is full.</param>
internal readonly record struct RateDecision(bool Allowed, int Remaining, int ResetSeconds, int RetryAfterSeconds);
