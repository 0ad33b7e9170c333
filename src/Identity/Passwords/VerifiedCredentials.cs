using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Identity.Passwords;

/// <summary>
/// Remembers for a few minutes which password an account has just proven, so that its next sign-in need not hash again.
/// What is kept is a digest keyed with a random key of this process: it is of no use outside of it. A remembered password counts
/// only together with the account's present security version, which the caller has just read from the database; so a change made
/// through any instance ends it everywhere at once, without messages that could be lost.
/// </summary>
internal sealed class VerifiedCredentials : IDisposable
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Every entry lives equally long, so the order of entering is the order of leaving.</summary>
    private readonly ConcurrentQueue<(string Key, DateTimeOffset Until)> _leaving = new();

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private readonly int _max;
    private readonly ITimer? _sweeping;

    public VerifiedCredentials(TimeSpan lifetime, TimeSpan sweep, int max, TimeProvider time)
    {
        (_lifetime, _max, _time) = (lifetime, max, time);
        if (lifetime > TimeSpan.Zero)
        {
            _sweeping = time.CreateTimer(_ => Sweep(), null, sweep, sweep);
        }
    }

    public int Count => _entries.Count;

    public static string KeyFor(string email) => $"user:{email}";

    /// <summary>The account whose password this was a moment ago. Whether that still counts is for <see cref="Remembered.Holds"/> to say.</summary>
    public Remembered? Find(string email, string password)
    {
        if (_sweeping is null || !_entries.TryGetValue(KeyFor(email), out var entry) || entry.Until <= _time.GetUtcNow())
        {
            return null;
        }

        return CryptographicOperations.FixedTimeEquals(entry.Digest, Digest(email, password)) ? new Remembered(entry.UserId, entry.SecurityVersion) : null;
    }

    /// <summary><paramref name="securityVersion"/> must have been read before the hash that the password was checked against.</summary>
    public void Remember(string email, string password, Guid userId, long securityVersion)
    {
        if (_sweeping is null)
        {
            return;
        }

        var until = _time.GetUtcNow() + _lifetime;
        var key = KeyFor(email);
        _entries[key] = new Entry(Digest(email, password), userId, securityVersion, until);
        _leaving.Enqueue((key, until));
        while (_leaving.Count > _max && _leaving.TryDequeue(out var oldest))
        {
            Remove(oldest);
        }
    }

    public void Forget(string email) => _entries.TryRemove(KeyFor(email), out _);

    public void Sweep()
    {
        var now = _time.GetUtcNow();
        while (_leaving.TryPeek(out var oldest) && oldest.Until <= now && _leaving.TryDequeue(out oldest))
        {
            Remove(oldest);
        }
    }

    public void Dispose() => _sweeping?.Dispose();

    private void Remove((string Key, DateTimeOffset Until) leaving)
    {
        // The account may have proven itself again since; then a later place in the queue is responsible for it.
        if (_entries.TryGetValue(leaving.Key, out var entry) && entry.Until <= leaving.Until)
        {
            _entries.TryRemove(new KeyValuePair<string, Entry>(leaving.Key, entry));
        }
    }

    private byte[] Digest(string email, string password) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{email.Length}:{email}{password}"));

    private sealed record Entry(byte[] Digest, Guid UserId, long SecurityVersion, DateTimeOffset Until);
}

internal sealed record Remembered(Guid UserId, long SecurityVersion)
{
    /// <summary>Nothing that ends trust has happened since the password was proven.</summary>
    public bool Holds(Guid userId, long securityVersion) => UserId == userId && SecurityVersion == securityVersion;
}
