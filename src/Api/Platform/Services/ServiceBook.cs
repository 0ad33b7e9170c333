using Slipway.Api.Platform.Containers;
using Slipway.Control.Metering;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Instances;

namespace Slipway.Api.Platform.Services;

/// <summary>Shows services with their revisions and instances, as they are at one moment.</summary>
internal sealed class ServiceBook(PlatformServices services)
{
    public IReadOnlyList<Resource> All(string? @namespace) => services.Api.Store.List(Kinds.Service, @namespace).Items;

    public Resource? Find(string @namespace, string name) => services.Api.Store.Get(new ResourceKey(Kinds.Service, @namespace, name));

    /// <summary>A picture that answers for any number of services without looking at everything again for each.</summary>
    public Picture Look(string? @namespace) => new(
        services,
        services.Api.Store.List(Kinds.Revision, @namespace).Items
            .Where(revision => revision.Metadata.Label(ServingNames.ServiceUid) is not null)
            .ToLookup(revision => revision.Metadata.Label(ServingNames.ServiceUid)!),
        services.Driver.List().Where(instance => instance.Phase != InstancePhase.Exited).ToLookup(instance => instance.Spec.OwnerUid));

    internal sealed class Picture(PlatformServices services, ILookup<string, Resource> revisions, ILookup<string, InstanceState> instances)
    {
        /// <summary>The revisions of a service, newest first.</summary>
        public IReadOnlyList<Resource> RevisionsOf(Resource service) =>
            [.. revisions[service.Uid].OrderByDescending(revision => revision.Metadata.CreationTimestamp).ThenByDescending(revision => revision.Name, StringComparer.Ordinal)];

        public IReadOnlyList<InstanceState> InstancesOf(Resource service) =>
            [.. revisions[service.Uid].SelectMany(revision => instances[revision.Uid]).OrderBy(instance => instance.Id, StringComparer.Ordinal)];

        public string HealthOf(Resource service, ServiceStatus? status) => ServiceHealth.Of(
            ReadyOf(status?.Conditions)?.Status,
            Serving(service),
            InstancesOf(service).Count(instance => ContainerStatus.Of(instance, services.Health.Find(instance.Id)) == ContainerStatus.Unhealthy),
            Stopped(service));

        public ServiceView Show(Resource service)
        {
            var status = service.Read("status", KindsJson.Default.ServiceStatus);
            var traffic = services.Traffic.Service(service.Namespace, service.Name);
            return new ServiceView(
                service.Uid,
                service.Name,
                service.Namespace,
                UsageOwner.Administrator,
                status?.Address?.Url,
                status?.Url,
                HealthOf(service, status),
                ReadyOf(status?.Conditions) is { Status: not ConditionStatus.True } unready ? unready.Message : null,
                Stopped(service),
                [.. RevisionsOf(service).Select(revision => Show(revision, status))],
                InstancesOf(service).Count,
                Serving(service),
                new ServiceTrafficView(traffic.Requests, traffic.Errors, traffic.LatencySecondsAverage, traffic.InFlight),
                service.Metadata.CreationTimestamp);
        }

        private ServiceRevisionView Show(Resource revision, ServiceStatus? service)
        {
            var status = revision.Read("status", KindsJson.Default.RevisionStatus);
            var shares = service?.Traffic?.Where(target => target.RevisionName == revision.Name).ToList() ?? [];
            return new ServiceRevisionView(
                revision.Name,
                revision.Read("spec", KindsJson.Default.TemplateSpec)?.Containers.FirstOrDefault()?.Image,
                ReadyOf(status?.Conditions)?.Status switch
                {
                    ConditionStatus.True => true,
                    ConditionStatus.False => false,
                    _ => null,
                },
                shares.Sum(share => share.Percent ?? 0),
                [.. shares.Where(share => share.Tag is { Length: > 0 }).Select(share => share.Tag!)],
                instances[revision.Uid].Count(),
                revision.Metadata.CreationTimestamp);
        }

        private int Serving(Resource service) => revisions[service.Uid]
            .Sum(revision => services.Endpoints.Find(new RevisionKey(revision.Namespace, revision.Name)).Ready.Length);

        private static bool Stopped(Resource service) => service.Metadata.Annotation(ServingNames.Stopped) == "true";

        private static Condition? ReadyOf(List<Condition>? conditions) => conditions?.Find(condition => condition.Type == "Ready");
    }
}
