using Microsoft.Extensions.Logging;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Configurations;
using Slipway.Control.Events;
using Slipway.Control.Fleet;
using Slipway.Control.Instances;
using Slipway.Control.Namespaces;
using Slipway.Control.Reconciling;
using Slipway.Control.Revisions;
using Slipway.Control.Routes;
using Slipway.Control.Services;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Health;
using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Control;

public sealed class ControlPlane : IDisposable
{
    private readonly EventRecorder _events;
    private readonly Engine _engine;
    private readonly DecisionLog _decisions;

    public ControlPlane(IResourceStore store, IInstanceDriver driver, IInstanceHealth health, IImages images, EndpointDirectory endpoints,
        ITrafficGate gate, ILoadSource load, IIngressStatus ingress, IngressSettings urls, FleetSettings fleetSettings, DecisionLogSettings decisions, TimeProvider time, ILoggerFactory loggers)
    {
        var plans = new RevisionPlans();
        _decisions = new DecisionLog(decisions, time, loggers);
        Fleet = new FleetSupervisor(plans, driver, health, endpoints, gate, load, fleetSettings, _decisions, time, loggers);
        _events = new EventRecorder(store, time, loggers.CreateLogger<EventRecorder>());
        _engine = new Engine(store,
        [
            new NamespaceReconciler(store),
            new ServiceReconciler(store, _events, time),
            new ConfigurationReconciler(store, _events, RevisionRetentionSettings.Default, time),
            new RevisionReconciler(store, new RevisionImages(images, time), new InstanceTemplates(store), plans, Fleet, _events, true, time),
            new RouteReconciler(store, ingress, urls, time),
            new RoutingStateReconciler(store, time),
        ], time, loggers.CreateLogger<Engine>());
    }

    public FleetSupervisor Fleet { get; }

    public IDecisionHistory Decisions => _decisions;

    public async Task RunAsync(CancellationToken cancellation)
    {
        _decisions.Load();
        await Task.WhenAll(_engine.RunAsync(cancellation), Fleet.RunAsync(cancellation), _events.RunAsync(cancellation), _decisions.RunAsync(cancellation));
    }

    public void Dispose() => _engine.Dispose();
}
