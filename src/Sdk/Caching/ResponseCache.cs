using System.Diagnostics.Metrics;
using Slipway.Sdk.Replies;

namespace Slipway.Sdk.Caching;

/// <param name="Name">What its figures are named after, as in <c>catalog.cache.entries</c>.</param>
/// <param name="Bytes">All it may hold; what was asked for longest ago goes first.</param>
/// <param name="Lifetime">After that an answer is read anew even if nobody said that it is old.</param>
public sealed record CacheBounds(string Name, long Bytes, int Entries, int Tags, TimeSpan Lifetime, TimeSpan OutageLifetime);

/// <summary>
/// Finished answers in memory, each with the tags of what it was made of. An answer that was being made while one of its tags was named
/// is not kept: it may have been read before the change.
/// </summary>
public sealed class ResponseCache
{
    private const int NamedMax = 10_000;

    private readonly CacheBounds _bounds;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _recent = new();
    private readonly Dictionary<string, HashSet<string>> _keysByTag = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _named = new(StringComparer.Ordinal);
    private readonly Counter<long> _evicted;
    private long _bytes;
    private int _tags;
    private long _moment;
    private long _allNamed;

    public ResponseCache(CacheBounds bounds, TimeProvider time, Meter meter)
    {
        (_bounds, _time) = (bounds, time);
        _evicted = meter.CreateCounter<long>(bounds.Name + ".cache.evictions", "{answer}", "Remembered answers that had to go, by cause.");
        meter.CreateObservableUpDownCounter(bounds.Name + ".cache.entries", () => _entries.Count, "{answer}", "Answers that are remembered.");
        meter.CreateObservableUpDownCounter(bounds.Name + ".cache.size", () => Volatile.Read(ref _bytes), "By", "What remembered answers take.");
    }

    /// <summary>False while nobody would say when an answer is old; then answers are kept for outages only.</summary>
    public bool Trusted { get; set; }

    /// <summary>To be taken before reading, and given back with what was read.</summary>
    public long Moment()
    {
        lock (_lock)
        {
            return _moment;
        }
    }

    public (Reply Reply, TimeSpan Age)? Find(string key)
    {
        lock (_lock)
        {
            if (!Trusted || !_entries.TryGetValue(key, out var node) || _time.GetElapsedTime(node.Value.At) > _bounds.Lifetime)
            {
                return null;
            }

            _recent.Remove(node);
            _recent.AddFirst(node);
            return (node.Value.Reply, _time.GetElapsedTime(node.Value.At));
        }
    }

    /// <summary>The last answer, however old, for as long as the database is away.</summary>
    public (Reply Reply, TimeSpan Age)? FindForOutage(string key)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(key, out var node) && _time.GetElapsedTime(node.Value.At) is var age && age <= _bounds.OutageLifetime ? (node.Value.Reply, age) : null;
        }
    }

    public void Keep(string key, long moment, Reply reply, IReadOnlyCollection<string> tags)
    {
        var entry = new Entry(key, reply, [.. tags.Distinct()], reply.Body.Length + 512L + (tags.Count * 128L), _time.GetTimestamp());
        lock (_lock)
        {
            if (moment < _allNamed || entry.Bytes > _bounds.Bytes / 8 || Array.Exists(entry.Tags, tag => _named.TryGetValue(tag, out var named) && named > moment))
            {
                return;
            }

            Remove(key);
            _entries[key] = _recent.AddFirst(entry);
            (_bytes, _tags) = (_bytes + entry.Bytes, _tags + entry.Tags.Length);
            foreach (var tag in entry.Tags)
            {
                if (!_keysByTag.TryGetValue(tag, out var keys))
                {
                    _keysByTag[tag] = keys = new HashSet<string>(StringComparer.Ordinal);
                }

                keys.Add(key);
            }

            while (_recent.Last is { } oldest && (_bytes > _bounds.Bytes || _entries.Count > _bounds.Entries || _tags > _bounds.Tags))
            {
                Remove(oldest.Value.Key);
                _evicted.Add(1, new KeyValuePair<string, object?>("cause", "full"));
            }
        }
    }

    public void Forget(IReadOnlyCollection<string> tags)
    {
        lock (_lock)
        {
            _moment++;
            if (_named.Count + tags.Count > NamedMax)
            {
                _named.Clear();
                _allNamed = _moment;
            }

            foreach (var tag in tags)
            {
                _named[tag] = _moment;
                foreach (var key in _keysByTag.TryGetValue(tag, out var keys) ? keys.ToArray() : [])
                {
                    Remove(key);
                    _evicted.Add(1, new KeyValuePair<string, object?>("cause", "changed"));
                }
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _allNamed = ++_moment;
            _named.Clear();
            _entries.Clear();
            _recent.Clear();
            _keysByTag.Clear();
            (_bytes, _tags) = (0, 0);
        }
    }

    private void Remove(string key)
    {
        if (!_entries.Remove(key, out var node))
        {
            return;
        }

        _recent.Remove(node);
        (_bytes, _tags) = (_bytes - node.Value.Bytes, _tags - node.Value.Tags.Length);
        foreach (var tag in node.Value.Tags)
        {
            if (_keysByTag.TryGetValue(tag, out var keys) && keys.Remove(key) && keys.Count == 0)
            {
                _keysByTag.Remove(tag);
            }
        }
    }

    private sealed record Entry(string Key, Reply Reply, string[] Tags, long Bytes, long At);
}
