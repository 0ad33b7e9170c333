using Slipway.Model.Batch;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Model.Core;

public sealed record NamespaceStatus
{
    public string Phase { get; set; } = "Active";
}

/// <summary>What a Pod shows of an instance. Pods are written by the control plane only.</summary>
public sealed record PodStatus
{
    public string Phase { get; set; } = "Pending";

    public List<Condition>? Conditions { get; set; }

    public DateTimeOffset? StartTime { get; set; }

    public string? PodIP { get; set; }

    public string? Reason { get; set; }

    public string? Message { get; set; }

    public List<ContainerStatus>? ContainerStatuses { get; set; }
}

public sealed record ContainerStatus
{
    public string Name { get; set; } = "";

    public bool Ready { get; set; }

    public int RestartCount { get; set; }

    public string? Image { get; set; }

    public string? ImageID { get; set; }

    public ContainerState? State { get; set; }

    public ContainerState? LastState { get; set; }
}

public sealed record ContainerState
{
    public WaitingState? Waiting { get; set; }

    public RunningState? Running { get; set; }

    public TerminatedState? Terminated { get; set; }
}

public sealed record WaitingState
{
    public string? Reason { get; set; }

    public string? Message { get; set; }
}

public sealed record RunningState
{
    public DateTimeOffset? StartedAt { get; set; }
}

public sealed record TerminatedState
{
    public int ExitCode { get; set; }

    public string? Reason { get; set; }

    public string? Message { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>The top-level fields of a <c>v1 Event</c>; each is stored as a field of the resource's body.</summary>
public sealed record EventBody
{
    public ObjectReference InvolvedObject { get; set; } = new();

    public string Reason { get; set; } = "";

    public string Message { get; set; } = "";

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string Type { get; set; } = "Normal";

    public int Count { get; set; }

    public DateTimeOffset? FirstTimestamp { get; set; }

    public DateTimeOffset? LastTimestamp { get; set; }

    public EventSource? Source { get; set; }
}

public sealed record EventSource
{
    public string? Component { get; set; }
}
