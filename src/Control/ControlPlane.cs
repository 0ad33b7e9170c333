using Microsoft.Extensions.Logging;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Configurations;
using Slipway.Control.Databases;
using Slipway.Control.Events;
using Slipway.Control.Fleet;
using Slipway.Control.Instances;
using Slipway.Control.Jobs;
using Slipway.Control.Namespaces;
using Slipway.Control.Pods;
using Slipway.Control.Reconciling;
using Slipway.Control.Revisions;
using Slipway.Control.Routes;
using Slipway.Control.Services;
using Slipway.Runtime.Endpoints;

namespace Slipway.Control;

/// <summary>
/// Makes the world match the store: Services become Configurations, Routes and Revisions, Revisions become instances, Jobs
/// run, Databases appear. It keeps nothing of its own that a restart could lose.
/// </summary>
public sealed class ControlPlane : IDisposable
{
    private readonly ControlPlaneParts _parts;
    private readonly RevisionPlans _plans = new();
    private readonly DecisionLog _decisions;
    private readonly FleetSupervisor _fleet;
    private readonly EventRecorder _events;
    private readonly Engine _engine;

    public ControlPlane(ControlPlaneParts parts)
    {
        _parts = parts;
        _decisions = new DecisionLog(parts.Decisions, parts.Time, parts.Loggers);
        _fleet = new FleetSupervisor(
            _plans, parts.Driver, parts.Health, parts.Endpoints, parts.Gate, parts.Load, parts.Fleet, _decisions, parts.Time, parts.Loggers);
        _events = new EventRecorder(parts.Store, parts.Time, parts.Loggers.CreateLogger<EventRecorder>());
        _engine = new Engine(parts.Store, Reconcilers(), parts.Time, parts.Loggers.CreateLogger<Engine>());
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
    /// life finds them again.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await _parts.Driver.AdoptAsync(cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] running = [_engine.RunAsync(stop.Token), _fleet.RunAsync(stop.Token), _events.RunAsync(stop.Token)];
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
    }

    public void Dispose()
    {
        _engine.Dispose();
        _fleet.Dispose();
    }

    private IReconciler[] Reconcilers()
    {
        var (store, driver, time) = (_parts.Store, _parts.Driver, _parts.Time);
        var images = new PatientImages(_parts.Images, time);
        var templates = new InstanceTemplates(store);
        var stops = new InstanceStops(driver, time, _parts.Loggers.CreateLogger<InstanceStops>());
        var databases = _parts.Databases is { } server ? new PostgresAdmin(server) : null;
        return
        [
            new NamespaceReconciler(store),
            new ServiceReconciler(store, _events, time),
            new ConfigurationReconciler(store, _events, _parts.Retention, time),
            new RevisionReconciler(store, new RevisionImages(images), templates, _plans, _fleet, _events, driver.Name == "process", time),
            new RouteReconciler(store, _parts.IngressStatus, _parts.Ingress, time),
            new RoutingStateReconciler(store, time),
            new JobReconciler(store, driver, images, templates, stops, _events, time),
            new CronJobReconciler(store, _events, time),
            new PodReconciler(store, driver, _parts.Health, _parts.Gate, stops, time),
            new DatabaseReconciler(store, databases, _events, time),
        ];
    }
}
