using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Fleet.Execution;
using Slipway.Control.Revisions;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Fleet;

/// <summary>
/// The one keeper of all revisions' instances. A single loop hears of plans, instances, probes and waiting requests,
/// lets the planner decide and sets driver calls going; it never waits for one. The composition root has let the driver
/// adopt what runs before <see cref="RunAsync"/>.
/// </summary>
public sealed class FleetSupervisor : IWakeUp, IFleetStatus, IDisposable
{
    private const string SuffixLetters = "bcdfghjklmnpqrstvwxz2456789";

    private readonly FleetInbox _inbox = new();
    private readonly FleetRounds _rounds;
    private readonly IRevisionPlans _plans;
    private readonly IInstanceDriver _driver;
    private readonly IInstanceHealth _health;
    private readonly FleetSettings _settings;
    private readonly DecisionLog _decisions;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<RevisionKey, FleetStatus> _status = new();
    private readonly ConcurrentDictionary<RevisionKey, RevisionFleetSnapshot> _snapshots = new();
    private bool _opened;

    /// <param name="newSuffix">Makes the last part of an instance's name; random unless a simulation brings its own.</param>
    public FleetSupervisor(
        IRevisionPlans plans,
        IInstanceDriver driver,
        IInstanceHealth health,
        EndpointDirectory endpoints,
        ITrafficGate gate,
        ILoadSource load,
        FleetSettings settings,
        DecisionLog decisions,
        TimeProvider time,
        ILoggerFactory loggers,
        Func<string>? newSuffix = null)
    {
        _plans = plans;
        _driver = driver;
        _health = health;
        _settings = settings;
        _decisions = decisions;
        _time = time;
        _logger = loggers.CreateLogger<FleetSupervisor>();
        var hands = new FleetHands(
            driver, health, gate, endpoints, _inbox, settings, newSuffix ?? (() => RandomNumberGenerator.GetString(SuffixLetters, 10)), time, _logger);
        _rounds = new FleetRounds(plans, driver, health, endpoints, gate, load, settings, decisions, hands, _inbox, time, _logger, Report, Unreport);
    }

    public event Action<RevisionKey>? Changed;

    /// <summary>The counts of every revision with a plan.</summary>
    public IReadOnlyCollection<RevisionFleetSnapshot> Snapshots
    {
        get
        {
            var all = new List<RevisionFleetSnapshot>();
            foreach (var (_, snapshot) in _snapshots)
            {
                all.Add(snapshot);
            }

            return all;
        }
    }

    public void Wanted(RevisionKey revision) => _inbox.Wanted(revision, _time.GetUtcNow());

    public FleetStatus? Find(RevisionKey revision) => _status.GetValueOrDefault(revision);

    /// <summary>Runs until cancelled. Instances stay as they are: the next life finds them again.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _decisions.Load();
        var writing = _decisions.RunAsync(cancellation);
        _rounds.Begin(inline: false, cancellation);
        Open();
        await using var ticking = _time.CreateTimer(static inbox => ((FleetInbox)inbox!).Signal(), _inbox, TimeSpan.Zero, _settings.ReadingInterval);
        try
        {
            while (true)
            {
                await _inbox.WaitAsync(cancellation).ConfigureAwait(false);
                try
                {
                    _rounds.Run();
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    // A defect in one round must not leave every revision without a keeper.
                    _logger.RoundFailed(failure);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The normal end.
        }
        finally
        {
            Close();
            await writing.ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Handles everything that is known or due at the clock's present time and returns when nothing is left to do before
    /// the clock moves. For simulations, instead of <see cref="RunAsync"/>: everything stays on the caller's thread.
    /// </summary>
    public Task StepAsync(CancellationToken cancellation = default)
    {
        if (!_opened)
        {
            _rounds.Begin(inline: true, cancellation);
            Open();
        }

        do
        {
            cancellation.ThrowIfCancellationRequested();
            _rounds.Run();
        }
        while (!_inbox.IsEmpty);
        return Task.CompletedTask;
    }

    public void Dispose() => Close();

    private void Open()
    {
        _opened = true;
        _plans.Changed += OnPlan;
        _driver.Changed += _inbox.Heard;
        _health.Changed += _inbox.Heard;

        // Read after subscribing, so that nothing falls between the two.
        foreach (var plan in _plans.All)
        {
            _inbox.PlanChanged(plan.Revision);
        }

        foreach (var state in _driver.List())
        {
            _inbox.Heard(state);
        }
    }

    private void Close()
    {
        if (_opened)
        {
            _opened = false;
            _plans.Changed -= OnPlan;
            _driver.Changed -= _inbox.Heard;
            _health.Changed -= _inbox.Heard;
        }
    }

    private void OnPlan(RevisionPlanChange change) => _inbox.PlanChanged(change.Revision);

    private void Report(FleetStatus status, RevisionFleetSnapshot snapshot)
    {
        _snapshots[snapshot.Revision] = snapshot;
        if (_status.TryGetValue(snapshot.Revision, out var before) && before == status)
        {
            return;
        }

        _status[snapshot.Revision] = status;
        Changed?.Invoke(snapshot.Revision);
    }

    private void Unreport(RevisionKey revision)
    {
        _snapshots.TryRemove(revision, out _);
        if (_status.TryRemove(revision, out _))
        {
            Changed?.Invoke(revision);
        }
    }
}
