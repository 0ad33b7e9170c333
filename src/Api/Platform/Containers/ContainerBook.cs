using Slipway.Api.Platform.Requests;
using Slipway.Control.Metering;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Api.Platform.Containers;

/// <summary>Finds instances and shows them with everything that is known about them now.</summary>
internal sealed class ContainerBook(PlatformServices services)
{
    public IReadOnlyList<InstanceState> All() => services.Driver.List();

    /// <summary>The instance, unless there is none or the caller may not see it.</summary>
    public InstanceState? Find(PlatformRequest request, string verb)
    {
        var id = request.Value("id");
        var found = services.Driver.List().FirstOrDefault(instance => instance.Id == id);
        return found is not null && request.May(verb, PlatformResource.Containers, found.Spec.Namespace) ? found : null;
    }

    public HealthState? Health(InstanceState instance) => services.Health.Find(instance.Id);

    public string Status(InstanceState instance) => ContainerStatus.Of(instance, Health(instance));

    public ContainerView Show(InstanceState instance)
    {
        var (spec, health) = (instance.Spec, Health(instance));
        var status = ContainerStatus.Of(instance, health);
        var traffic = services.Traffic.Instance(instance.Id);
        var usage = services.Driver.Measure(instance.Id);
        var ended = instance.Phase == InstancePhase.Exited;
        return new ContainerView(
            spec.Id,
            spec.ContainerName,
            ServiceOf(instance),
            spec.Labels.GetValueOrDefault(ServingNames.ServiceUid),
            spec.Namespace,
            spec.OwnerKind == Kinds.Revision.Kind ? spec.Owner : null,
            spec.OwnerKind == Kinds.Job.Kind ? spec.Owner : null,
            UsageOwner.Of(spec),
            spec.Image,
            status,
            ended ? instance.ExitMessage ?? instance.ExitReason : status is ContainerStatus.Starting or ContainerStatus.Unhealthy ? health?.Message : null,
            ended || instance.ProcessId == 0 ? null : instance.ProcessId,
            instance.Address?.ToString(),
            spec.CpuLimit,
            spec.MemoryLimitBytes,
            usage is null ? null : new ContainerUsageView(usage.CpuTime.TotalSeconds, usage.MemoryBytes, usage.Processes, usage.DiskBytes),
            traffic.InFlight,
            traffic.Requests,
            traffic.LastUsedAt,
            instance.ExitCode,
            instance.CreatedAt,
            instance.ExitedAt);
    }

    /// <summary>The name of the service it belongs to; null for a Job's.</summary>
    public static string? ServiceOf(InstanceState instance) => instance.Spec.OwnerKind == Kinds.Revision.Kind
        ? instance.Spec.Labels.GetValueOrDefault(ServingNames.Service) ?? instance.Spec.Labels.GetValueOrDefault(ServingNames.Configuration) ?? instance.Spec.Owner
        : null;
}
