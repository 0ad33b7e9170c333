using Slipway.Api.Requests;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRunJobs;

/// <summary>Kinds, labels and annotations of the Jobs dialect.</summary>
internal static class JobNames
{
    public const string Group = "run.googleapis.com";

    public static readonly ResourceKind Job = new(Group, "v1", "Job", "jobs", "job", true, [], []);
    public static readonly ResourceKind Execution = new(Group, "v1", "Execution", "executions", "execution", true, [], []);
    public static readonly ResourceKind Task = new(Group, "v1", "Task", "tasks", "task", true, [], []);

    public const string JobLabel = Group + "/job";
    public const string JobUidLabel = Group + "/jobUid";
    public const string JobGenerationLabel = Group + "/jobGeneration";
    public const string ExecutionLabel = Group + "/execution";
    public const string TaskIndexLabel = Group + "/taskIndex";
    public const string RunningStateLabel = Group + "/runningState";
    public const string LastUpdatedLabel = Group + "/lastUpdatedTime";

    public const string Creator = Group + "/creator";
    public const string LastModifier = Group + "/lastModifier";

    /// <summary>Makes gcloud wait on an operation instead of the resource, and there are no operations here.</summary>
    public const string OperationId = Group + "/operation-id";

    /// <summary>Marks a ConfigMap that holds the definition of a job.</summary>
    public const string DefinitionLabel = "slipway.dev/definition-of";
    public const string DefinitionOfJob = "cloud-run-job";
    public const string DefinitionPrefix = "cloud-run-job.";
    public const string SpecKey = "spec";

    /// <summary>When the definition was written last, because labels cannot hold an instant.</summary>
    public const string LastUpdated = "slipway.dev/last-updated";

    /// <summary>The spec of an execution as Cloud Run words it, on the batch Job that runs it.</summary>
    public const string ExecutionSpec = "slipway.dev/execution-spec";

    /// <summary>Who cancelled an execution. Counts only while the batch Job is suspended.</summary>
    public const string CancelledBy = "slipway.dev/cancelled-by";

    public const string JobNameOfPod = "batch.kubernetes.io/job-name";
    public const string IndexOfPod = "batch.kubernetes.io/job-completion-index";
    public const string AttemptOfPod = "slipway.dev/task-attempt";

    /// <summary>What the server writes itself and therefore takes off what clients send back.</summary>
    public static bool IsServerOwnedLabel(string label) =>
        label is CloudRunDialect.LocationLabel or LastUpdatedLabel or DefinitionLabel or JobLabel or JobUidLabel or JobGenerationLabel;

    public static bool IsServerOwnedAnnotation(string annotation) =>
        annotation is Creator or LastModifier or OperationId or LastUpdated or ExecutionSpec or CancelledBy;
}
