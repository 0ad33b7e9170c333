using Microsoft.Extensions.Logging;
using Slipway.Telemetry.Alerts.Keeping;
using Slipway.Telemetry.Alerts.Routing;

namespace Slipway.Telemetry.Alerts.Rules;

internal sealed class RunningGroup(RuleGroup group, GroupMemory memory)
{
    public RuleGroup Group { get; } = group;

    public GroupMemory Memory { get; } = memory;

    /// <summary>The moment evaluated last.</summary>
    public long Last { get; set; }

    public bool IsRunning { get; set; }

    /// <summary>Taken out while an evaluation may still run; what that comes to does not count.</summary>
    public volatile bool IsGone;
}

/// <summary>
/// The groups that are evaluated, each at its interval, and what they remember: also over a restart, and also when PostgreSQL is
/// away, since nothing here needs it.
/// </summary>
internal sealed class RuleRoom
{
    /// <summary>How long the state of a rule waits after a start for its rule to come back.</summary>
    private static readonly TimeSpan s_restoredKept = TimeSpan.FromMinutes(10);

    private readonly GroupEvaluator _evaluator;
    private readonly AlertPool _pool;
    private readonly AlertSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KeptFile<KeptRules> _file;
    private readonly string _path;
    private readonly DateTimeOffset _started;
    private readonly Lock _gate = new();
    private readonly Lock _keeping = new();
    private readonly Dictionary<string, IReadOnlyList<AlertInstance>> _restored = new(StringComparer.Ordinal);
    private Dictionary<string, RunningGroup> _running = new(StringComparer.Ordinal);
    private long _missed;
    private long _failed;
    private long _evaluations;

    public RuleRoom(GroupEvaluator evaluator, AlertPool pool, string folder, AlertSettings settings, TimeProvider time, ILogger logger)
    {
        (_evaluator, _pool, _settings, _time, _logger) = (evaluator, pool, settings, time, logger);
        _started = time.GetUtcNow();
        _path = Path.Combine(folder, "rules.json");
        _file = new KeptFile<KeptRules>(_path, KeptJson.Default.KeptRules);
        var read = _file.Read(out var damaged);
        foreach (var rule in read?.Rules ?? [])
        {
            _restored[rule.Id] = [.. rule.Instances.Select(instance => instance.ToInstance()).DistinctBy(instance => instance.Labels)];
        }

        if (damaged is not null)
        {
            AlertLog.Damaged(logger, _path, damaged);
        }
    }

    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>Rules whose evaluation failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Evaluations of groups.</summary>
    public long Evaluations => Interlocked.Read(ref _evaluations);

    public IReadOnlyList<RunningGroup> Running
    {
        get
        {
            lock (_gate)
            {
                return [.. _running.Values];
            }
        }
    }

    /// <summary>Takes the groups there are now. One that has not changed goes on as it is; a changed one keeps what its unchanged rules remember.</summary>
    public void Set(IReadOnlyList<RuleGroup> groups)
    {
        var gone = new List<RunningGroup>();
        lock (_gate)
        {
            var next = new Dictionary<string, RunningGroup>(StringComparer.Ordinal);
            foreach (var group in groups)
            {
                if (_running.TryGetValue(group.Key, out var running) && running.Group.Text == group.Text)
                {
                    next[group.Key] = running;
                    continue;
                }

                next[group.Key] = new RunningGroup(group, Memory(group, running));
                Tell(next[group.Key]);
                if (running is not null)
                {
                    running.IsGone = true;
                }
            }

            foreach (var (key, running) in _running)
            {
                if (!next.ContainsKey(key))
                {
                    running.IsGone = true;
                    gone.Add(running);
                }
            }

            _running = next;
            var rules = groups.SelectMany(group => group.Rules).Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var found in _restored.Keys.Where(rules.Contains).ToList())
            {
                _restored.Remove(found);
            }
        }

        foreach (var running in gone)
        {
            _pool.Set(running.Group.Key, []);
            foreach (var memory in running.Memory.Rules)
            {
                _evaluator.End(memory, _time.GetUtcNow().ToUnixTimeMilliseconds());
            }
        }
    }

    /// <summary>The groups whose moment has come and which are not running. The caller evaluates them.</summary>
    public IReadOnlyList<(RunningGroup Group, long At)> Due()
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var due = new List<(RunningGroup, long)>();
        lock (_gate)
        {
            foreach (var running in _running.Values)
            {
                var moment = GroupSchedule.Last(running.Group.Key, running.Group.Interval, now);
                if (moment <= running.Last)
                {
                    // A clock that was set back a long way must not stop the alerts until it has caught up.
                    if (running.Last - moment > 2 * (long)running.Group.Interval.TotalMilliseconds)
                    {
                        running.Last = moment;
                    }

                    continue;
                }

                if (running.IsRunning)
                {
                    Miss(running, 1);
                    running.Last = moment;
                    continue;
                }

                if (running.Last > 0)
                {
                    Miss(running, GroupSchedule.Skipped(running.Group.Interval, running.Last, moment));
                }

                running.Last = moment;
                running.IsRunning = true;
                due.Add((running, moment));
            }
        }

        return due;
    }

    /// <summary>Evaluates one group and tells what it came to. Its state is on the disk before anybody hears of it.</summary>
    public void Evaluate(RunningGroup running, long at, CancellationToken stopping)
    {
        try
        {
            using var limit = new CancellationTokenSource(_settings.EvaluationLimit, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
            var before = running.Memory.Rules.Select(rule => rule.Instances).ToList();
            var errors = running.Memory.Rules.Select(rule => rule.Error).ToList();
            var mayResolve = _time.GetUtcNow() - _started >= _settings.StartGrace;
            var failed = _evaluator.Evaluate(running.Group, running.Memory, at, mayResolve, either.Token);
            Interlocked.Increment(ref _evaluations);
            Interlocked.Add(ref _failed, failed);
            if (running.IsGone || stopping.IsCancellationRequested)
            {
                return;
            }

            var changed = false;
            for (var index = 0; index < running.Group.Rules.Count; index++)
            {
                var (rule, memory) = (running.Group.Rules[index], running.Memory.Rules[index]);
                changed |= Log(before[index], memory.Instances);
                if (memory.Error is { } error && error != errors[index])
                {
                    AlertLog.RuleFailed(_logger, running.Group.Key, rule.Name, error);
                }
            }

            if (changed)
            {
                Keep();
            }

            Tell(running);
        }
        finally
        {
            lock (_gate)
            {
                running.IsRunning = false;
            }
        }
    }

    public void Keep()
    {
        lock (_keeping)
        {
            KeptRules kept;
            lock (_gate)
            {
                if (_time.GetUtcNow() - _started > s_restoredKept)
                {
                    _restored.Clear();
                }

                kept = new KeptRules
                {
                    At = _time.GetUtcNow(),
                    Rules =
                    [
                        .. _running.Values.SelectMany(running => running.Group.Rules.Zip(running.Memory.Rules))
                            .Where(pair => pair.Second.Instances.Count > 0)
                            .Select(pair => new KeptRule { Id = pair.First.Id, Instances = [.. pair.Second.Instances.Select(KeptInstance.Of)] }),
                        .. _restored.Select(entry => new KeptRule { Id = entry.Key, Instances = [.. entry.Value.Select(KeptInstance.Of)] }),
                    ],
                };
            }

            if (_file.Write(kept) is { } failure)
            {
                AlertLog.NotWritten(_logger, _path, failure);
            }
        }
    }

    private GroupMemory Memory(RuleGroup group, RunningGroup? former)
    {
        var known = former is null
            ? []
            : former.Group.Rules.Zip(former.Memory.Rules).DistinctBy(pair => pair.First.Id).ToDictionary(pair => pair.First.Id, pair => pair.Second);
        var memories = new List<RuleMemory>();
        foreach (var rule in group.Rules)
        {
            if (known.Remove(rule.Id, out var memory))
            {
                memories.Add(memory);
                continue;
            }

            var restored = _restored.Remove(rule.Id, out var instances) ? instances : [];
            memories.Add(new RuleMemory { Instances = restored });
        }

        foreach (var left in known.Values)
        {
            _evaluator.End(left, _time.GetUtcNow().ToUnixTimeMilliseconds());
        }

        return new GroupMemory(memories);
    }

    private void Tell(RunningGroup running)
    {
        var alerts = new List<Alert>();
        var now = _time.GetUtcNow();
        foreach (var instance in running.Memory.Rules.SelectMany(rule => rule.Instances).Where(instance => instance.Phase != AlertPhase.Pending))
        {
            alerts.Add(new Alert
            {
                Labels = instance.Labels,
                Annotations = instance.Annotations,
                StartsAt = DateTimeOffset.FromUnixTimeMilliseconds(instance.FiredAt ?? instance.ActiveAt),
                EndsAt = instance.Phase == AlertPhase.Resolved && instance.ResolvedAt is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
                UpdatedAt = now,
            });
        }

        _pool.Set(running.Group.Key, alerts);
    }

    /// <summary>True when something changed that a restart must know.</summary>
    private bool Log(IReadOnlyList<AlertInstance> before, IReadOnlyList<AlertInstance> after)
    {
        if (ReferenceEquals(before, after))
        {
            return false;
        }

        var phases = before.ToDictionary(instance => instance.Labels, instance => (instance.Phase, instance.KeptSince));
        var changed = before.Count != after.Count;
        foreach (var instance in after)
        {
            if (phases.TryGetValue(instance.Labels, out var former) && former == (instance.Phase, instance.KeptSince))
            {
                continue;
            }

            changed = true;
            if (instance.Phase != former.Phase || !phases.ContainsKey(instance.Labels))
            {
                AlertLog.Changed(_logger, instance.Labels, instance.Phase);
            }
        }

        return changed;
    }

    private void Miss(RunningGroup running, long count)
    {
        running.Memory.Missed += count;
        Interlocked.Add(ref _missed, count);
    }
}
