using System.Collections.Concurrent;

namespace Slipway.Sdk.Callers;

/// <summary>Callers by the hash of their credential, for a short while. When full it forgets everything: that only costs time.</summary>
internal sealed class VerifiedTokens(int capacity = 10_000)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public Caller? Find(string hash, DateTimeOffset now)
    {
        if (!_entries.TryGetValue(hash, out var entry))
        {
            return null;
        }

        if (entry.Until > now)
        {
            return entry.Caller;
        }

        _entries.TryRemove(hash, out _);
        return null;
    }

    public void Remember(string hash, Caller caller, DateTimeOffset until)
    {
        if (_entries.Count >= capacity)
        {
            _entries.Clear();
        }

        _entries[hash] = new Entry(caller, until);
    }

    private sealed record Entry(Caller Caller, DateTimeOffset Until);
}
