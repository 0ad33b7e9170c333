using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Api.Platform.Containers;

/// <summary>The one word that says how a container is. Pure.</summary>
internal static class ContainerStatus
{
    public const string Pending = "pending";
    public const string Starting = "starting";
    public const string Running = "running";
    public const string Frozen = "frozen";
    public const string Unhealthy = "unhealthy";
    public const string Stopping = "stopping";
    public const string Stopped = "stopped";
    public const string Failed = "failed";

    public static readonly IReadOnlyList<string> All = [Pending, Starting, Running, Frozen, Unhealthy, Stopping, Stopped, Failed];

    public static string Of(InstanceState instance, HealthState? health) => instance.Phase switch
    {
        InstancePhase.Starting => Pending,
        InstancePhase.Frozen => Frozen,
        InstancePhase.Stopping => Stopping,
        InstancePhase.Exited => instance.ExitReason is "Error" or "OOMKilled" ? Failed : Stopped,
        _ when !instance.Spec.Serves => Running,
        _ when health is { Failing: true } => Unhealthy,
        _ when health is not { Started: true } => Starting,
        _ => health.Ready ? Running : Unhealthy,
    };
}
