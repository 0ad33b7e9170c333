using Microsoft.Extensions.Logging;
using Slipway.Model.Failures;
using Slipway.Telemetry.Alerts.Keeping;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Routing;

/// <summary>The silences, each on the disk before it counts. Those that are over are kept for some days to be looked at.</summary>
internal sealed class SilenceBook
{
    private readonly KeptFile<List<KeptSilence>> _file;
    private readonly AlertSettings _settings;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<Silence> _silences;

    public SilenceBook(string folder, AlertSettings settings, TimeProvider time, ILogger logger)
    {
        (_settings, _time) = (settings, time);
        var path = Path.Combine(folder, "silences.json");
        _file = new KeptFile<List<KeptSilence>>(path, KeptJson.Default.ListKeptSilence);
        _silences = [.. (_file.Read(out var damaged) ?? []).Select(kept => kept.ToSilence())];
        if (damaged is not null)
        {
            AlertLog.Damaged(logger, path, damaged);
        }
    }

    public IReadOnlyList<Silence> All => _silences;

    public Silence? Find(string id) => _silences.FirstOrDefault(silence => silence.Id == id);

    public IEnumerable<Silence> Holding(LabelSet labels, DateTimeOffset now) => _silences.Where(silence => silence.Holds(labels, now));

    /// <summary>
    /// Makes a silence, or changes the one of that id. What it silences cannot change while it is in force: then the old one ends
    /// and a new one begins, so that what was silent when stays readable.
    /// </summary>
    public Outcome<string> Put(Silence wanted)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var next = _silences.Where(silence => now - silence.EndsAt < _settings.SilencesKept).ToList();
            var former = wanted.Id.Length == 0 ? null : next.Find(silence => silence.Id == wanted.Id);
            if (wanted.Id.Length > 0 && former is null)
            {
                return new Failure(FailureKind.NotFound, "silence-not-found", $"silence {wanted.Id} not found");
            }

            if (wanted.EndsAt <= now)
            {
                return new Failure(FailureKind.Malformed, "silence-over", "end time can't be in the past");
            }

            var silence = wanted with { UpdatedAt = now };
            if (former is not null && former.StateAt(now) != "expired" && SameMatchers(former, wanted) && (former.StateAt(now) == "pending" || former.StartsAt == wanted.StartsAt))
            {
                next[next.IndexOf(former)] = silence;
            }
            else
            {
                if (former is not null && former.StateAt(now) != "expired")
                {
                    next[next.IndexOf(former)] = Ended(former, now);
                }

                silence = silence with { Id = Guid.CreateVersion7(now).ToString(), StartsAt = wanted.StartsAt < now ? now : wanted.StartsAt };
                next.Add(silence);
            }

            return Keep(next) ?? (Outcome<string>)silence.Id;
        }
    }

    public Failure? Expire(string id)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var next = _silences.ToList();
            if (next.Find(silence => silence.Id == id) is not { } found)
            {
                return new Failure(FailureKind.NotFound, "silence-not-found", $"silence {id} not found");
            }

            if (found.StateAt(now) == "expired")
            {
                return null;
            }

            next[next.IndexOf(found)] = Ended(found, now);
            return Keep(next);
        }
    }

    private static Silence Ended(Silence silence, DateTimeOffset now) =>
        silence with { StartsAt = silence.StartsAt < now ? silence.StartsAt : now, EndsAt = now, UpdatedAt = now };

    private static bool SameMatchers(Silence one, Silence other) =>
        one.Matchers.Select(matcher => (matcher.Name, matcher.Kind, matcher.Value)).ToHashSet()
            .SetEquals(other.Matchers.Select(matcher => (matcher.Name, matcher.Kind, matcher.Value)));

    private Failure? Keep(List<Silence> next)
    {
        if (next.Count > _settings.SilencesMax)
        {
            return new Failure(FailureKind.Exhausted, "too-many-silences", $"there are {_settings.SilencesMax} silences already; those that are over go after {_settings.SilencesKept.TotalDays:0} days");
        }

        if (_file.Write([.. next.Select(KeptSilence.Of)]) is { } failure)
        {
            return new Failure(FailureKind.Unavailable, "silence-not-kept", $"the silence could not be kept: {failure.Message}");
        }

        _silences = next;
        return null;
    }
}
