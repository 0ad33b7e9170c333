using Microsoft.Extensions.Logging;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Configurations;
using Slipway.Control.Databases;
using Slipway.Control.Events;
using Slipway.Control.Fleet;
using Slipway.Control.Instances;
using Slipway.Control.Issuers;
using Slipway.Control.Jobs;
using Slipway.Control.Namespaces;
using Slipway.Control.Pods;
using Slipway.Control.Reconciling;
using Slipway.Control.Revisions;
using Slipway.Control.Routes;
using Slipway.Control.Secrets;
using Slipway.Control.Services;
using Slipway.Runtime.Endpoints;

namespace Slipway.Control;

/// <summary>
/// Makes the world match the store: Services become Configurations, Routes and Revisions, Revisions become instances, Jobs
/// run, Databases appear. It keeps nothing of its own that a restart could lose.
/// </summary>
public sealed class ControlPlane : IDisposable
{
    private static readonly TimeSpan s_lastWrites = TimeSpan.FromSeconds(10);

    private readonly ControlPlaneParts _parts;
    private readonly RevisionPlans _plans = new();
    private readonly DecisionLog _decisions;
    private readonly FleetSupervisor _fleet;
    private readonly EventRecorder _events;
    private readonly JobReconciler _jobs;
    private readonly TokenRotation? _tokens;
    private readonly CpuBoosts _boosts;
    private readonly DiscoveredIssuers? _issuers;
    private readonly Engine _engine;

    public ControlPlane(ControlPlaneParts parts)
    {
        _parts = parts;
        _decisions = new DecisionLog(parts.Decisions, parts.Time, parts.Loggers);
        _fleet = new FleetSupervisor(
            _plans, parts.Driver, parts.Health, parts.Endpoints, parts.Gate, parts.Load, parts.Fleet, _decisions, parts.Time, parts.Loggers);
        _events = new EventRecorder(parts.Store, parts.Time, parts.Loggers.CreateLogger<EventRecorder>());
        var images = new PatientImages(parts.Images, parts.Time);
        var templates = new InstanceTemplates(parts.Store, parts.ServiceAccountTokens, parts.Surroundings);
        var stops = new InstanceStops(parts.Driver, parts.Time, parts.Loggers.CreateLogger<InstanceStops>());
        _tokens = parts.ServiceAccountTokens is { } tokens
            ? new TokenRotation(parts.Driver, tokens, parts.Time, parts.Loggers.CreateLogger<TokenRotation>())
            : null;
        _boosts = new CpuBoosts(parts.Driver, parts.Health, parts.Time, parts.Loggers.CreateLogger<CpuBoosts>());
        _jobs = new JobReconciler(parts.Store, parts.Driver, images, templates, stops, _events, parts.Time);
        _issuers = parts.Surroundings is { } surroundings ? new DiscoveredIssuers(surroundings) : null;
        _engine = new Engine(parts.Store, Reconcilers(images, templates, stops), parts.Time, parts.Loggers.CreateLogger<Engine>());
    }

    /// <summary>For the data plane: a request waits for an instance.</summary>
    public IWakeUp WakeUp => _fleet;

    public IRevisionPlans Plans => _plans;

    /// <summary>Why there are as many instances as there are.</summary>
    public IDecisionHistory Decisions => _decisions;

    /// <summary>Counts of every revision's instances, for metrics and the API.</summary>
    public IReadOnlyCollection<RevisionFleetSnapshot> Fleet => _fleet.Snapshots;

    /// <summary>
    /// Takes over what an earlier life has left running, then works until cancelled. Instances are left running: the next
    /// life finds them again. Tasks of Jobs that somebody stops after this has returned are tried again by that life.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await _parts.Driver.AdoptAsync(cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        List<Task> running = [_engine.RunAsync(stop.Token), _fleet.RunAsync(stop.Token), _events.RunAsync(stop.Token)];
        if (_tokens is not null)
        {
            running.Add(_tokens.RunAsync(stop.Token));
        }

        try
        {
            // None of them ends by itself; when one breaks, the others must not go on as if nothing had happened.
            await await Task.WhenAny(running);
        }
        finally
        {
            await stop.CancelAsync();
        }

        await Task.WhenAll(running);
        using var limit = new CancellationTokenSource(s_lastWrites, _parts.Time);
        try
        {
            await _jobs.WithdrawRunningAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // A store that does not answer must not keep the platform from ending.
        }
    }

    public void Dispose()
    {
        _engine.Dispose();
        _fleet.Dispose();
        _boosts.Dispose();
        _issuers?.Dispose();
    }

    private IReconciler[] Reconcilers(PatientImages images, InstanceTemplates templates, InstanceStops stops)
    {
        var (store, driver, time) = (_parts.Store, _parts.Driver, _parts.Time);
        var databases = _parts.Databases is { } server ? new PostgresAdmin(server) : null;
        return
        [
            new NamespaceReconciler(store),
            new ServiceReconciler(store, _events, time),
            new ConfigurationReconciler(store, _events, _parts.Retention, time),
            new RevisionReconciler(store, new RevisionImages(images), templates, _plans, _fleet, _events, driver.Name == "process", time),
            new RouteReconciler(store, _parts.IngressStatus, _parts.Ingress, time),
            new RoutingStateReconciler(store, time),
            _jobs,
            new CronJobReconciler(store, _events, time),
            new PodReconciler(store, driver, _parts.Health, _parts.Gate, stops, time),
            new DatabaseReconciler(store, databases, _events, time),
            new GeneratedSecretReconciler(store, _events),
            .. _issuers is { } issuers ? [new IssuerReconciler(store, issuers, _events)] : Array.Empty<IReconciler>(),
        ];
    }
}
