using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Slipway.Control.Fleet.Revisions;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Fleet.Execution;

/// <summary>
/// What the world tells the fleet's loop, from any thread and without waiting. Only the newest word about each subject is
/// kept, so the inbox is bounded by the number of revisions and instances whatever the rate of events.
/// </summary>
internal sealed class FleetInbox
{
    private readonly ConcurrentDictionary<RevisionKey, DateTimeOffset> _wanted = new();
    private readonly ConcurrentDictionary<RevisionKey, bool> _plans = new();
    private readonly ConcurrentDictionary<string, InstanceState> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HealthState> _healths = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<DriverAnswer> _answers = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    public bool IsEmpty => _wanted.IsEmpty && _plans.IsEmpty && _states.IsEmpty && _healths.IsEmpty && _answers.IsEmpty;

    public void Wanted(RevisionKey revision, DateTimeOffset now)
    {
        if (_wanted.TryAdd(revision, now))
        {
            Signal();
        }
    }

    public void PlanChanged(RevisionKey revision)
    {
        _plans[revision] = true;
        Signal();
    }

    public void Heard(InstanceState state)
    {
        // Jobs have their own keeper.
        if (state.Spec.OwnerKind == "Revision")
        {
            _states[state.Id] = state;
            Signal();
        }
    }

    public void Heard(HealthState health)
    {
        _healths[health.InstanceId] = health;
        Signal();
    }

    /// <summary>The answer to a driver call; there are never more than calls under way.</summary>
    public void Answer(DriverAnswer answer)
    {
        _answers.Enqueue(answer);
        Signal();
    }

    public void Signal() => _signal.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken cancellation) => await _signal.Reader.ReadAsync(cancellation).ConfigureAwait(false);

    public List<(RevisionKey Revision, DateTimeOffset Since)> TakeWanted() => Take(_wanted);

    public List<(RevisionKey Revision, bool)> TakePlans() => Take(_plans);

    public List<(string Id, InstanceState State)> TakeStates() => Take(_states);

    public List<(string Id, HealthState Health)> TakeHealths() => Take(_healths);

    public bool TryTakeAnswer([NotNullWhen(true)] out DriverAnswer? answer) => _answers.TryDequeue(out answer);

    // Sorted, so that a simulation sees the same order in every run.
    private static List<(TKey Key, TValue Value)> Take<TKey, TValue>(ConcurrentDictionary<TKey, TValue> from)
        where TKey : notnull
    {
        if (from.IsEmpty)
        {
            return [];
        }

        var taken = new List<(TKey Key, TValue Value)>();
        foreach (var (key, _) in from)
        {
            if (from.TryRemove(key, out var value))
            {
                taken.Add((key, value));
            }
        }

        if (taken.Count > 1)
        {
            taken.Sort((left, right) => string.CompareOrdinal(left.Key.ToString(), right.Key.ToString()));
        }

        return taken;
    }
}

/// <param name="Apply">Enters the answer into the books; runs on the loop's thread.</param>
internal sealed record DriverAnswer(FleetRevision Revision, Action Apply);
