using Slipway.Control.Fleet;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Store;
using Slipway.Telemetry.Collecting;
using Slipway.Telemetry.Labels;

namespace Slipway.Server.Joints.Figures;

/// <summary>How every service is, how far it may grow, and how its instances have started and failed.</summary>
internal sealed class ServiceFigures(IResourceStore store, IEndpointDirectory endpoints, Func<IReadOnlyCollection<RevisionFleetSnapshot>> fleet) : IFigureSource
{
    public Task<IReadOnlyList<Figure>> ReadAsync(CancellationToken cancellation)
    {
        var services = store.List(Kinds.Service).Items.Where(service => !service.IsDeleting).ToList();
        var revisions = fleet().Select(snapshot => (Labels: LabelsOf(snapshot.Revision), Snapshot: snapshot)).ToList();
        var ready = revisions.GroupBy(revision => (revision.Labels["namespace"], revision.Labels["service"]))
            .ToDictionary(group => group.Key, group => group.Sum(revision => endpoints.Find(revision.Snapshot.Revision).Ready.Length));
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            Figure.Gauge("slipway_service_up", "1 if the Service is ready, else 0.", services.Select(service => Of(service, IsReady(service) ? 1 : 0))),
            Figure.Gauge("slipway_service_scale_max", "Instances a Service may have at most; 0 is no limit.", services.Select(service => Of(service, MaxOf(service)))),
            Figure.Gauge(
                "slipway_service_instances",
                "Instances of a Service that may receive requests.",
                services.Select(service => Of(service, ready.GetValueOrDefault((service.Namespace, service.Name))))),
            Figure.Gauge("slipway_revision_instances_wanted", "Instances the autoscaler wants.", Each(snapshot => snapshot.Desired)),
            Figure.Counter("slipway_instance_restarts_total", "Starts and instances that failed and were replaced.", Each(snapshot => snapshot.Failures)),
            Figure.Counter("slipway_instance_starts_total", "Starts that reached readiness.", Each(snapshot => snapshot.ColdStarts)),
            Figure.Counter("slipway_instance_start_seconds_total", "Time of all those starts together.", Each(snapshot => snapshot.ColdStartSum.Total.TotalSeconds)),
            Figure.Counter("slipway_instance_thaws_total", "Frozen instances that were woken.", Each(snapshot => snapshot.Thaws)),
        ]);

        IEnumerable<FigureValue> Each(Func<RevisionFleetSnapshot, double> value) => revisions.Select(revision => new FigureValue(revision.Labels, value(revision.Snapshot)));
    }

    private static FigureValue Of(Resource service, double value) =>
        new(LabelSet.Of(("namespace", service.Namespace), ("service", service.Name)), value);

    private static bool IsReady(Resource service) =>
        service.Read("status", KindsJson.Default.ServiceStatus)?.Conditions?.Find(condition => condition.Type == "Ready") is { Status: ConditionStatus.True };

    private static int MaxOf(Resource service) =>
        AutoscalingSettings.Read(service.Read("spec", KindsJson.Default.ServiceSpec)?.Template?.Metadata?.Annotations, service.Metadata.Annotations).Max;

    private LabelSet LabelsOf(RevisionKey revision) => LabelSet.Of(
        ("namespace", revision.Namespace),
        ("service", store.Get(new ResourceKey(Kinds.Revision, revision.Namespace, revision.Name))?.Metadata.Label(ServingNames.Service) ?? revision.Name),
        ("revision", revision.Name));
}
