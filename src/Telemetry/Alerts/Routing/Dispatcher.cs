using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Alerts.Delivery;
using Slipway.Telemetry.Alerts.Keeping;

namespace Slipway.Telemetry.Alerts.Routing;

/// <summary>
/// Puts alerts into groups and groups into messages. A message is on the disk before its group counts as told: a crash between
/// the two tells twice, never not at all.
/// </summary>
internal sealed class Dispatcher
{
    private readonly AlertPool _pool;
    private readonly SilenceBook _silences;
    private readonly NoticeQueue _queue;
    private readonly ILogger _logger;
    private readonly KeptFile<List<KeptGroup>> _file;
    private readonly string _path;
    private Dictionary<string, AlertGroup> _groups = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<AlertGroup> _shown = [];
    private volatile RoutingPlan _plan = RoutingPlan.Empty;
    private bool _unkept;

    public Dispatcher(AlertPool pool, SilenceBook silences, NoticeQueue queue, string folder, ILogger logger)
    {
        (_pool, _silences, _queue, _logger) = (pool, silences, queue, logger);
        _path = Path.Combine(folder, "groups.json");
        _file = new KeptFile<List<KeptGroup>>(_path, KeptJson.Default.ListKeptGroup);
        var read = _file.Read(out var damaged);
        foreach (var group in read ?? [])
        {
            _groups[group.Key] = group.ToGroup();
        }

        if (damaged is not null)
        {
            AlertLog.Damaged(logger, _path, damaged);
        }
    }

    public RoutingPlan Plan
    {
        get => _plan;
        set => _plan = value;
    }

    public IReadOnlyList<AlertGroup> Groups => _shown;

    /// <summary>The firing alerts because of which an alert is not told.</summary>
    public IEnumerable<Alert> InhibitorsOf(Alert alert, IReadOnlyCollection<Alert> firing) =>
        Plan.Inhibitions.Select(rule => rule.InhibitorOf(alert.Labels, firing)).OfType<Alert>();

    /// <summary>One look at everything. Called by one caller at a time.</summary>
    public void Tick(DateTimeOffset now)
    {
        var plan = Plan;
        var alerts = _pool.All(now).Values;
        var assigned = new Dictionary<string, (Route Route, List<Alert> Alerts)>(StringComparer.Ordinal);
        foreach (var alert in alerts)
        {
            foreach (var route in plan.Taking(alert.Labels))
            {
                var key = $"{route.Id}:{route.GroupLabels(alert.Labels)}";
                if (!assigned.TryGetValue(key, out var group))
                {
                    assigned[key] = group = (route, []);
                }

                group.Alerts.Add(alert);
            }
        }

        var firing = alerts.Where(alert => !alert.IsResolved(now)).ToList();
        var next = new Dictionary<string, AlertGroup>(StringComparer.Ordinal);
        var changed = _unkept;
        foreach (var key in assigned.Keys.Union(_groups.Keys))
        {
            var before = _groups.GetValueOrDefault(key);
            var route = assigned.TryGetValue(key, out var found) ? found.Route : plan.Find(before!.RouteId);
            if (route is null)
            {
                // Nobody wants to hear of it any more: its route is gone.
                changed = true;
                continue;
            }

            var group = Gathered(key, route, before, found.Alerts ?? [], now);
            if (group is null)
            {
                continue;
            }

            if (group.NextFlush <= now)
            {
                group = Flushed(group, route, plan, firing, now);
                changed = true;
            }

            if (group is not null)
            {
                next[key] = group;
            }
        }

        _groups = next;
        _shown = [.. next.Values];
        if (changed)
        {
            Keep();
        }
    }

    private static AlertGroup? Gathered(string key, Route route, AlertGroup? before, List<Alert> alerts, DateTimeOffset now)
    {
        if (before is not null)
        {
            return before with { Members = GroupDecider.Members(before.Members, alerts, now), Receiver = route.Receiver };
        }

        var firing = alerts.Where(alert => !alert.IsResolved(now)).ToList();
        return firing.Count == 0
            ? null
            : new AlertGroup
            {
                Key = key,
                RouteId = route.Id,
                Receiver = route.Receiver,
                Labels = route.GroupLabels(firing[0].Labels),
                NextFlush = GroupDecider.FirstFlush(firing.MinBy(alert => alert.StartsAt)!, route.GroupWait, now),
                Members = firing.ToDictionary(alert => alert.Fingerprint),
            };
    }

    /// <summary>The group after it has spoken; null when there is nothing left to speak of.</summary>
    private AlertGroup? Flushed(AlertGroup group, Route route, RoutingPlan plan, List<Alert> firing, DateTimeOffset now)
    {
        // A silence hides what fires and not what is over: who heard of the beginning wants to hear of the end.
        var audible = group.Members.Values
            .Where(alert => alert.IsResolved(now) || (!_silences.Holding(alert.Labels, now).Any() && !InhibitorsOf(alert, firing).Any()))
            .ToList();
        var burning = audible.Where(alert => !alert.IsResolved(now)).Select(alert => alert.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var over = audible.Where(alert => alert.IsResolved(now)).Select(alert => alert.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var muted = group.Members.Values.Any(alert => !alert.IsResolved(now) && !burning.Contains(alert.Fingerprint));
        var told = group.Told.ToDictionary(StringComparer.Ordinal);
        var complete = true;
        foreach (var way in plan.Receivers.GetValueOrDefault(route.Receiver) ?? [])
        {
            var heard = told.GetValueOrDefault(way.Id);

            // While what was told is merely silenced, nothing has ended.
            if ((burning.Count == 0 && over.Count == 0) || (burning.Count == 0 && muted && heard is not null && !heard.Firing.Overlaps(over))
                || !GroupDecider.MustTell(heard, burning, over, way.SendResolved, route.RepeatInterval, now))
            {
                continue;
            }

            var ended = audible.Where(alert => over.Contains(alert.Fingerprint) && heard?.Firing.Contains(alert.Fingerprint) == true).ToList();
            var notice = new Notice
            {
                Receiver = route.Receiver,
                Way = way.Id,
                GroupKey = group.Key,
                CreatedAt = now,
                GroupLabels = KeptAlert.Sorted(group.Labels),
                Firing = [.. audible.Where(alert => burning.Contains(alert.Fingerprint)).OrderBy(alert => alert.StartsAt).Select(KeptAlert.Of)],
                Resolved = way.SendResolved ? [.. ended.Select(KeptAlert.Of)] : [],
            };
            if ((notice.IsFiring || notice.Resolved.Count > 0) && _queue.Add(notice, now) is { } failure)
            {
                AlertLog.NotWritten(_logger, "queue", failure);
                complete = false;
                continue;
            }

            told[way.Id] = new Told(burning, ended.Select(alert => alert.Fingerprint).ToHashSet(StringComparer.Ordinal), now);
        }

        var left = complete ? group.Members.Where(member => !member.Value.IsResolved(now)).ToDictionary(StringComparer.Ordinal) : group.Members;
        return left.Count == 0
            ? null
            : group with { Members = left, Told = told, NextFlush = complete ? now + route.GroupInterval : now + TimeSpan.FromSeconds(5) };
    }

    private void Keep()
    {
        var failure = _file.Write([.. _groups.Values.Select(KeptGroup.Of)]);
        _unkept = failure is not null;
        if (failure is not null)
        {
            AlertLog.NotWritten(_logger, _path, failure);
        }
    }
}
