using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Containers;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Platform.Services;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Api.Platform.Deployments;

/// <summary>
/// Finds the service behind a container, because how many containers run and what they may use is decided per service.
/// The id of a container is good for that as long as its revision exists; a stopped service has no containers left to
/// name, so the service's own name is understood as well.
/// </summary>
internal sealed class DeploymentTarget(PlatformServices services)
{
    private const string InstanceInfix = "-deployment-";

    /// <param name="Revision">The revision of the container; null when a service was named.</param>
    public sealed record Found(Resource Service, string? Revision);

    /// <param name="namespace">Where a service's own name is looked for.</param>
    public (Found? Target, Problem? Problem) Find(PlatformRequest request, string @namespace)
    {
        var id = request.Value("id");
        var found = ByInstance(id, out var ofJob) ?? ByRevision(id) ?? ByName(@namespace, id);
        if (found is null)
        {
            return (null, ofJob is { } instance && request.May("get", PlatformResource.Containers, instance.Namespace)
                ? new Problem(409, "notOfAService", "Not of a service", $"Container \"{id}\" belongs to job \"{instance.Owner}\"; only services can be changed, scaled, stopped and started.")
                : Problem.NotFound("container", id));
        }

        var place = found.Service.Namespace;
        if (request.May("update", PlatformResource.Services, place))
        {
            return (found, null);
        }

        return (null, request.May("get", PlatformResource.Services, place)
            ? Problem.Forbidden(request.Caller.User, "change", "services", place)
            : Problem.NotFound("container", id));
    }

    private Found? ByInstance(string id, out (string Namespace, string Owner)? ofJob)
    {
        ofJob = null;
        if (services.Driver.List().FirstOrDefault(instance => instance.Id == id) is not { } instance)
        {
            return null;
        }

        if (ContainerBook.ServiceOf(instance) is not { } name)
        {
            ofJob = (instance.Spec.Namespace, instance.Spec.Owner);
            return null;
        }

        return ServiceOf(instance.Spec.Namespace, name) is { } service ? new Found(service, instance.Spec.Owner) : null;
    }

    private Found? ByRevision(string id)
    {
        var end = id.LastIndexOf(InstanceInfix, StringComparison.Ordinal);
        return end > 0
            && services.Api.Store.List(Kinds.Revision).Items.FirstOrDefault(revision => id.AsSpan(0, end).SequenceEqual(revision.Name)) is { } owner
            && owner.Metadata.Label(ServingNames.Service) is { } name
            && ServiceOf(owner.Namespace, name) is { } service
                ? new Found(service, owner.Name)
                : null;
    }

    private Found? ByName(string @namespace, string name) => ServiceOf(@namespace, name) is { } service ? new Found(service, null) : null;

    private Resource? ServiceOf(string @namespace, string name) => new ServiceBook(services).Find(@namespace, name);
}
