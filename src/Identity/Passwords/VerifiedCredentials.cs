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
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);

    /// <summary>Every entry lives equally long, so the order of entering is the order of leaving.</summary>
    private readonly LinkedList<Entry> _leaving = new();

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

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    public static string KeyFor(string email) => $"user:{email}";

    /// <summary>The account whose password this was a moment ago. Whether that still counts is for <see cref="Remembered.Holds"/> to say.</summary>
    public Remembered? Find(string email, string password)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(KeyFor(email), out var found))
            {
                return null;
            }

            entry = found.Value;
        }

        return entry.Until > _time.GetUtcNow() && CryptographicOperations.FixedTimeEquals(entry.Digest, Digest(email, password))
            ? new Remembered(entry.UserId, entry.SecurityVersion)
            : null;
    }

    /// <summary><paramref name="securityVersion"/> must have been read before the hash that the password was checked against.</summary>
    public void Remember(string email, string password, Guid userId, long securityVersion)
    {
        if (_sweeping is null)
        {
            return;
        }

        var key = KeyFor(email);
        var entry = new Entry(key, Digest(email, password), userId, securityVersion, _time.GetUtcNow() + _lifetime);
        lock (_gate)
        {
            RemoveNeedsGate(key);
            _entries[key] = _leaving.AddLast(entry);
            if (_entries.Count > _max)
            {
                RemoveNeedsGate(_leaving.First!.Value.Key);
            }
        }
    }

    public void Forget(string email)
    {
        lock (_gate)
        {
            RemoveNeedsGate(KeyFor(email));
        }
    }

    public void Sweep()
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            while (_leaving.First is { } oldest && oldest.Value.Until <= now)
            {
                RemoveNeedsGate(oldest.Value.Key);
            }
        }
    }

    public void Dispose() => _sweeping?.Dispose();

    private void RemoveNeedsGate(string key)
    {
        if (_entries.Remove(key, out var node))
        {
            _leaving.Remove(node);
        }
    }

    private byte[] Digest(string email, string password) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{email.Length}:{email}{password}"));

    private sealed record Entry(string Key, byte[] Digest, Guid UserId, long SecurityVersion, DateTimeOffset Until);
}

internal sealed record Remembered(Guid UserId, long SecurityVersion)
{
    /// <summary>Nothing that ends trust has happened since the password was proven.</summary>
    public bool Holds(Guid userId, long securityVersion) => UserId == userId && SecurityVersion == securityVersion;
}
