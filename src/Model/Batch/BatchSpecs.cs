using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Model.Batch;

public sealed record JobSpec
{
    public int? Parallelism { get; set; }

    public int? Completions { get; set; }

    public int? BackoffLimit { get; set; }

    public long? ActiveDeadlineSeconds { get; set; }

    public int? TtlSecondsAfterFinished { get; set; }

    public bool? Suspend { get; set; }

    public LabelSelectorSpec? Selector { get; set; }

    public Template Template { get; set; } = new();
}

public sealed record LabelSelectorSpec
{
    public Dictionary<string, string>? MatchLabels { get; set; }
}

public sealed record JobStatus
{
    public int Active { get; set; }

    public int Succeeded { get; set; }

    public int Failed { get; set; }

    public int? Ready { get; set; }

    public DateTimeOffset? StartTime { get; set; }

    public DateTimeOffset? CompletionTime { get; set; }

    public List<Condition>? Conditions { get; set; }

    /// <summary>Completion indexes already done, so that a restart of the control plane repeats none of them.</summary>
    public string? CompletedIndexes { get; set; }
}

public sealed record CronJobSpec
{
    public string Schedule { get; set; } = "";

    public string? TimeZone { get; set; }

    public bool? Suspend { get; set; }

    public string? ConcurrencyPolicy { get; set; }

    public long? StartingDeadlineSeconds { get; set; }

    public JobTemplate JobTemplate { get; set; } = new();

    public int? SuccessfulJobsHistoryLimit { get; set; }

    public int? FailedJobsHistoryLimit { get; set; }
}

public sealed record JobTemplate
{
    public TemplateMetadata? Metadata { get; set; }

    public JobSpec Spec { get; set; } = new();
}

public sealed record CronJobStatus
{
    public List<ObjectReference>? Active { get; set; }

    public DateTimeOffset? LastScheduleTime { get; set; }

    public DateTimeOffset? LastSuccessfulTime { get; set; }
}

public sealed record ObjectReference
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public string? Namespace { get; set; }

    public string? Name { get; set; }

    public string? Uid { get; set; }
}
