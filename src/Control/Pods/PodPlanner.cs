using System.Text;
using System.Text.Json.Nodes;
using Slipway.Control.Conditions;
using Slipway.Model;
using Slipway.Model.Core;
using Slipway.Model.Resources;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Pods;

/// <summary>What a Pod shows of an instance. Pure.</summary>
internal static class PodPlanner
{
    /// <summary>The Pod of an instance: a draft, or the next version of the one there is.</summary>
    public static Resource Of(InstanceState instance, HealthState? health, Resource? existing, DateTimeOffset now)
    {
        var metadata = (existing?.Metadata ?? new ObjectMeta { Name = instance.Id, Namespace = instance.Spec.Namespace }) with
        {
            Labels = new Dictionary<string, string>(instance.Spec.Labels, StringComparer.Ordinal),
            OwnerReferences = [Owner(instance.Spec)],
        };
        var pod = existing is null ? new Resource(Kinds.Pod, metadata, "{}"u8.ToArray()) : existing.With(metadata);
        var former = existing?.Read("status", KindsJson.Default.PodStatus);
        return pod
            .WithRaw("spec", Spec(instance.Spec))
            .With("status", Status(instance, health, former, now), KindsJson.Default.PodStatus);
    }

    public static PodStatus Status(InstanceState instance, HealthState? health, PodStatus? former, DateTimeOffset now)
    {
        var ended = instance.Phase == InstancePhase.Exited;
        var serves = instance.Spec.Serves;

        // A frozen instance thaws with its next request, so clients are right to count it as ready.
        var ready = instance.Phase is InstancePhase.Running or InstancePhase.Frozen && (serves ? health?.Ready == true : true);
        var conditions = new ConditionSet(former?.Conditions, [], now);
        conditions.True("PodScheduled").True("Initialized");
        foreach (var type in new[] { "ContainersReady", ConditionSet.Ready })
        {
            if (ready)
            {
                conditions.True(type);
            }
            else
            {
                conditions.False(type, ended ? "PodCompleted" : "ContainersNotReady", health?.Message ?? (ended ? "The instance has ended." : "The instance is not ready yet."));
            }
        }

        return new PodStatus
        {
            Phase = Phase(instance),
            Conditions = conditions.Build(),
            StartTime = instance.CreatedAt,
            PodIP = instance.Address?.Address.ToString(),
            Reason = instance.ExitReason is "OOMKilled" ? "OOMKilled" : instance.Phase == InstancePhase.Frozen ? "Frozen" : null,
            Message = instance.ExitMessage,
            ContainerStatuses =
            [
                new ContainerStatus
                {
                    Name = instance.Spec.ContainerName,
                    Ready = ready,
                    RestartCount = 0,
                    Image = instance.Spec.Image,
                    ImageID = instance.Spec.Image,
                    State = State(instance),
                },
            ],
        };
    }

    private static string Phase(InstanceState instance) => instance.Phase switch
    {
        InstancePhase.Starting => "Pending",
        InstancePhase.Exited => instance is { ExitCode: 0, ExitReason: null or "Completed" } ? "Succeeded" : "Failed",
        _ => "Running",
    };

    private static ContainerState State(InstanceState instance) => instance.Phase switch
    {
        InstancePhase.Starting => new ContainerState { Waiting = new WaitingState { Reason = "ContainerCreating" } },
        InstancePhase.Exited => new ContainerState
        {
            Terminated = new TerminatedState
            {
                ExitCode = instance.ExitCode ?? -1,
                Reason = instance.ExitReason ?? (instance.ExitCode == 0 ? "Completed" : "Error"),
                Message = instance.ExitMessage,
                StartedAt = instance.CreatedAt,
                FinishedAt = instance.ExitedAt,
            },
        },
        _ => new ContainerState { Running = new RunningState { StartedAt = instance.CreatedAt } },
    };

    private static OwnerReference Owner(InstanceSpec spec)
    {
        var kind = spec.OwnerKind == Kinds.Job.Kind ? Kinds.Job : Kinds.Revision;
        return new OwnerReference
        {
            ApiVersion = kind.ApiVersion,
            Kind = kind.Kind,
            Name = spec.Owner,
            Uid = spec.OwnerUid,
            Controller = true,
            BlockOwnerDeletion = true,
        };
    }

    /// <summary>The container as it runs. The environment stays out of it: it holds resolved secrets.</summary>
    private static byte[] Spec(InstanceSpec spec)
    {
        var container = new JsonObject { ["name"] = spec.ContainerName, ["image"] = spec.Image };
        if (spec.Command.Count > 0)
        {
            container["command"] = Words(spec.Command);
        }

        if (spec.Arguments.Count > 0)
        {
            container["args"] = Words(spec.Arguments);
        }

        var limits = new JsonObject();
        if (spec.CpuLimit is { } cpu)
        {
            limits["cpu"] = Model.Values.Quantity.OfMilli((long)Math.Ceiling(cpu * 1000));
        }

        if (spec.MemoryLimitBytes is { } memory)
        {
            limits["memory"] = Model.Values.Quantity.OfBytes(memory);
        }

        if (limits.Count > 0)
        {
            container["resources"] = new JsonObject { ["limits"] = limits };
        }

        var restart = spec.OwnerKind == Kinds.Job.Kind ? "Never" : "Always";
        return Encoding.UTF8.GetBytes(new JsonObject { ["containers"] = new JsonArray(container), ["restartPolicy"] = restart }.ToJsonString());
    }

    private static JsonArray Words(IReadOnlyList<string> words) => new([.. words.Select(word => (JsonNode?)JsonValue.Create(word))]);
}
