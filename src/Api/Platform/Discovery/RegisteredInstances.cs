using Slipway.Api.Platform.Containers;
using Slipway.Api.Platform.Services;
using Slipway.Model.Resources;
using Slipway.Runtime.Endpoints;

namespace Slipway.Api.Platform.Discovery;

/// <summary>Joins what the driver runs with what the directory says is ready.</summary>
internal static class RegisteredInstances
{
    public static IReadOnlyList<RegisteredInstanceView> Of(PlatformServices services, ServiceBook.Picture picture, Resource service)
    {
        var ready = picture.RevisionsOf(service)
            .SelectMany(revision => services.Endpoints.Find(new RevisionKey(revision.Namespace, revision.Name)).Ready)
            .Select(endpoint => endpoint.InstanceId)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. picture.InstancesOf(service).Select(instance =>
            {
                var health = services.Health.Find(instance.Id);
                return new RegisteredInstanceView(
                    instance.Id, service.Name, service.Namespace, instance.Spec.Owner, instance.Address?.ToString(),
                    ContainerStatus.Of(instance, health), ready.Contains(instance.Id), health?.Message, instance.CreatedAt);
            }),
        ];
    }
}
