using System.Globalization;
using System.Text.Json;
using Slipway.Store.Installation;
using Slipway.Telemetry.Alerts.Keeping;

namespace Slipway.Telemetry.Alerts.Delivery;

/// <summary>
/// Messages that wait, each a file of its own: on the disk before the group counts as told, gone when the other side has taken it.
/// A crash between the two sends it again. When there are too many, the oldest that only tells an end goes first, then the oldest.
/// </summary>
internal sealed class NoticeQueue
{
    private readonly string _folder;
    private readonly int _most;
    private readonly TimeSpan _keepTrying;
    private readonly Func<double> _dice;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private long _next;
    private long _dropped;
    private long _givenUp;

    public NoticeQueue(string folder, int most, TimeSpan keepTrying, Func<double> dice)
    {
        (_folder, _most, _keepTrying, _dice) = (folder, most, keepTrying, dice);
        OwnerOnlyFile.MakeFolder(folder);
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            Load(path);
        }

        foreach (var draft in Directory.EnumerateFiles(folder, "*.new"))
        {
            File.Delete(draft);
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Messages that gave way because there were too many.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Messages nobody took for as long as is tried.</summary>
    public long GivenUp => Interlocked.Read(ref _givenUp);

    /// <summary>The reason why the message is not on the disk, or null when it is.</summary>
    public Exception? Add(Notice notice, DateTimeOffset now)
    {
        lock (_gate)
        {
            MakeRoom();
            var id = string.Create(CultureInfo.InvariantCulture, $"{notice.CreatedAt.ToUnixTimeMilliseconds():d15}-{_next++:d10}");
            notice = notice with { Id = id };
            try
            {
                OwnerOnlyFile.Write(PathOf(id), JsonSerializer.Serialize(notice, KeptJson.Default.Notice));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return failure;
            }

            _waiting[id] = new Waiting(notice) { NextAt = now };
            return null;
        }
    }

    /// <summary>Messages that are due and are the oldest of their lane; they count as being sent until told otherwise.</summary>
    public List<Notice> Take(int most, DateTimeOffset now)
    {
        lock (_gate)
        {
            var taken = new List<Notice>();
            var lanes = new HashSet<string>(StringComparer.Ordinal);
            foreach (var waiting in _waiting.Values)
            {
                if (lanes.Add(waiting.Notice.Lane) && !waiting.IsBeingSent && waiting.NextAt <= now && taken.Count < most)
                {
                    waiting.IsBeingSent = true;
                    taken.Add(waiting.Notice);
                }
            }

            return taken;
        }
    }

    public void Delivered(Notice notice)
    {
        lock (_gate)
        {
            Remove(notice.Id);
        }
    }

    /// <summary>True when it was given up.</summary>
    public bool Failed(Notice notice, DateTimeOffset now, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(notice.Id, out var waiting))
            {
                return false;
            }

            if (now - notice.CreatedAt > _keepTrying)
            {
                Interlocked.Increment(ref _givenUp);
                Remove(notice.Id);
                return true;
            }

            waiting.IsBeingSent = false;
            waiting.Attempts++;
            waiting.NextAt = now + Backoff.After(waiting.Attempts, _dice(), retryAfter);
            return false;
        }
    }

    /// <summary>Puts a message back that was taken and not tried.</summary>
    public void Return(Notice notice)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(notice.Id, out var waiting))
            {
                waiting.IsBeingSent = false;
            }
        }
    }

    private string PathOf(string id) => Path.Combine(_folder, $"{id}.json");

    private void Load(string path)
    {
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(path), KeptJson.Default.Notice) is { Id.Length: > 0 } notice && Path.GetFileNameWithoutExtension(path) == notice.Id)
            {
                _waiting[notice.Id] = new Waiting(notice);
                _next = Math.Max(_next, long.TryParse(notice.Id.AsSpan(notice.Id.IndexOf('-', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture, out var number) ? number + 1 : 0);
                return;
            }
        }
        catch (JsonException)
        {
            // Set aside below.
        }

        File.Move(path, path + ".damaged", overwrite: true);
    }

    private void MakeRoom()
    {
        while (_waiting.Count >= _most)
        {
            var first = _waiting.Values.FirstOrDefault(waiting => !waiting.Notice.IsFiring && !waiting.IsBeingSent) ?? _waiting.Values.First();
            Interlocked.Increment(ref _dropped);
            Remove(first.Notice.Id);
        }
    }

    private void Remove(string id)
    {
        _waiting.Remove(id);
        try
        {
            File.Delete(PathOf(id));
        }
        catch (Exception stuck) when (stuck is IOException or UnauthorizedAccessException)
        {
            // It is sent once more after a restart, which is what at least once allows.
        }
    }

    private sealed class Waiting(Notice notice)
    {
        public Notice Notice { get; } = notice;

        public int Attempts { get; set; }

        public DateTimeOffset NextAt { get; set; }

        public bool IsBeingSent { get; set; }
    }
}
