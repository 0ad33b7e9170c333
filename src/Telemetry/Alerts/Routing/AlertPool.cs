using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Alerts.Keeping;

namespace Slipway.Telemetry.Alerts.Routing;

/// <summary>
/// The alerts there are: those of our own rules, which come anew after every evaluation, and those others posted, which are on the
/// disk before they count as taken.
/// </summary>
internal sealed class AlertPool
{
    private static readonly TimeSpan s_resolvedKept = TimeSpan.FromMinutes(15);

    private readonly KeptFile<List<KeptAlert>> _file;
    private readonly AlertSettings _settings;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IReadOnlyList<Alert>> _ofRules = new(StringComparer.Ordinal);
    private Dictionary<string, Alert> _posted = new(StringComparer.Ordinal);

    public AlertPool(string folder, AlertSettings settings, ILogger logger)
    {
        _settings = settings;
        var path = Path.Combine(folder, "posted.json");
        _file = new KeptFile<List<KeptAlert>>(path, KeptJson.Default.ListKeptAlert);
        var read = _file.Read(out var damaged);
        foreach (var kept in read ?? [])
        {
            var alert = kept.ToAlert();
            _posted[alert.Fingerprint] = alert;
        }

        if (damaged is not null)
        {
            AlertLog.Damaged(logger, path, damaged);
        }
    }

    /// <summary>What the rules of one group come to now, instead of what they came to before.</summary>
    public void Set(string group, IReadOnlyList<Alert> alerts)
    {
        lock (_gate)
        {
            if (alerts.Count == 0)
            {
                _ofRules.Remove(group);
            }
            else
            {
                _ofRules[group] = alerts;
            }
        }
    }

    /// <summary>The reason why they were not taken, or null when they are kept.</summary>
    public string? Post(IReadOnlyList<Alert> alerts, DateTimeOffset now)
    {
        lock (_gate)
        {
            var next = _posted.Where(entry => !IsForgotten(entry.Value, now)).ToDictionary(StringComparer.Ordinal);
            foreach (var alert in alerts)
            {
                // The same alert goes on: it keeps its beginning, unless it had ended meanwhile.
                next[alert.Fingerprint] = next.TryGetValue(alert.Fingerprint, out var former) && !former.IsResolved(now) && former.StartsAt < alert.StartsAt
                    ? alert with { StartsAt = former.StartsAt }
                    : alert;
            }

            if (next.Count > _settings.PostedMax)
            {
                return $"there are {_settings.PostedMax} alerts from outside already";
            }

            if (_file.Write([.. next.Values.Select(KeptAlert.Of)]) is { } failure)
            {
                return $"they could not be kept: {failure.Message}";
            }

            _posted = next;
            return null;
        }
    }

    /// <summary>All alerts, those that ended a short while ago among them. One that both rules and others tell counts once, as firing if one says so.</summary>
    public IReadOnlyDictionary<string, Alert> All(DateTimeOffset now)
    {
        lock (_gate)
        {
            var all = new Dictionary<string, Alert>(StringComparer.Ordinal);
            foreach (var alert in _ofRules.Values.SelectMany(alerts => alerts).Concat(_posted.Values))
            {
                if (!IsForgotten(alert, now) && !(all.TryGetValue(alert.Fingerprint, out var other) && !other.IsResolved(now)))
                {
                    all[alert.Fingerprint] = alert;
                }
            }

            return all;
        }
    }

    private static bool IsForgotten(Alert alert, DateTimeOffset now) => alert.EndsAt is { } end && now - end > s_resolvedKept;
}
