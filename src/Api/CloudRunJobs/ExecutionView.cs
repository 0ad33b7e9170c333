using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRunJobs;

/// <summary>What gcloud sees of an execution. Pure.</summary>
internal static class ExecutionView
{
    public static JsonObject Of(ExecutionPicture picture, string region, string obstacle) => new()
    {
        ["apiVersion"] = JobNames.Execution.ApiVersion,
        ["kind"] = JobNames.Execution.Kind,
        ["metadata"] = Metadata(picture.Job, region),
        ["spec"] = picture.Spec.DeepClone(),
        ["status"] = Status(picture, obstacle),
    };

    /// <summary>How a job shows the latest of its executions.</summary>
    public static JsonObject Reference(ExecutionPicture picture)
    {
        var reference = new JsonObject { ["name"] = picture.Name };
        Conditions.Set(reference, "creationTimestamp", Conditions.Instant(picture.Job.Metadata.CreationTimestamp));
        Conditions.Set(reference, "completionTimestamp", Conditions.Instant(picture.EndedAt));
        reference["completionStatus"] = picture.End switch
        {
            ExecutionEnd.Succeeded => "EXECUTION_SUCCEEDED",
            ExecutionEnd.Failed => "EXECUTION_FAILED",
            ExecutionEnd.Cancelled => "EXECUTION_CANCELLED",
            _ => picture.HasStarted ? "EXECUTION_RUNNING" : "EXECUTION_PENDING",
        };
        return reference;
    }

    private static JsonObject Metadata(Resource job, string region)
    {
        var labels = new JsonObject();
        foreach (var (key, value) in job.Metadata.Labels ?? [])
        {
            labels[key] = value;
        }

        labels[Requests.CloudRunDialect.LocationLabel] = region;
        var annotations = new JsonObject();
        foreach (var (key, value) in job.Metadata.Annotations ?? [])
        {
            if (!key.StartsWith("slipway.dev/", StringComparison.Ordinal))
            {
                annotations[key] = value;
            }
        }

        var owner = job.Metadata.ControllerOwner();
        var metadata = new JsonObject
        {
            ["name"] = job.Name,
            ["namespace"] = job.Namespace,
            ["uid"] = job.Uid,
            ["resourceVersion"] = job.Metadata.ResourceVersion,
            ["generation"] = job.Metadata.Generation,
            ["creationTimestamp"] = Conditions.Instant(job.Metadata.CreationTimestamp),
            ["labels"] = labels,
            ["annotations"] = annotations,
        };
        if (owner is not null)
        {
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = JobNames.Job.ApiVersion,
                ["kind"] = JobNames.Job.Kind,
                ["name"] = job.Metadata.Label(JobNames.JobLabel),
                ["uid"] = owner.Uid,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            });
        }

        return metadata;
    }

    private static JsonObject Status(ExecutionPicture picture, string obstacle)
    {
        // Every condition is computed from the very version that is shown, so it always belongs to this generation.
        var status = new JsonObject
        {
            ["observedGeneration"] = picture.Job.Metadata.Generation,
            ["conditions"] = AllConditions(picture, obstacle),
        };
        Conditions.Set(status, "startTime", Conditions.Instant(picture.StartedAt));
        Conditions.Set(status, "completionTime", Conditions.Instant(picture.EndedAt));
        Number(status, "runningCount", picture.End == ExecutionEnd.None ? picture.Count(TaskState.Running) : 0);
        Number(status, "succeededCount", Math.Max(picture.Status.Succeeded, picture.Count(TaskState.Succeeded)));
        Number(status, "failedCount", picture.End == ExecutionEnd.Failed ? Math.Max(1, picture.Count(TaskState.Failed)) : 0);
        Number(status, "cancelledCount", picture.End == ExecutionEnd.Cancelled ? picture.TaskCount - picture.Status.Succeeded : 0);
        Number(status, "retriedCount", picture.Tries().GroupBy(one => one.Index).Sum(tries => tries.Max(one => one.Attempt)));
        return status;
    }

    private static JsonArray AllConditions(ExecutionPicture picture, string obstacle)
    {
        var created = picture.Job.Metadata.CreationTimestamp;
        var started = picture.HasStarted;
        var startedAt = picture.StartedAt ?? created;
        var waiting = obstacle.Length > 0 ? obstacle : "Waiting for the first task to start.";
        var conditions = new JsonArray(
            Completed(picture, started ? "" : waiting),
            started
                ? Conditions.Of("ResourcesAvailable", ConditionStatus.True, startedAt)
                : Unstarted(picture, "ResourcesAvailable", "Provisioning", waiting),
            started
                ? Conditions.Of("Started", ConditionStatus.True, startedAt)
                : Unstarted(picture, "Started", "Pending", waiting));
        if (picture.End == ExecutionEnd.None && picture.Status.Failed > 0)
        {
            var last = picture.Tries().Where(one => one.Ended).Max(one => one.Exit?.FinishedAt);
            conditions.Add(Conditions.Of(
                "Retry", ConditionStatus.True, last ?? startedAt, "WaitingForRetry",
                string.Create(CultureInfo.InvariantCulture, $"{picture.Status.Failed} tries have failed; their tasks are tried again."), "Info"));
        }

        return conditions;
    }

    private static JsonObject Unstarted(ExecutionPicture picture, string type, string reason, string waiting) =>
        picture.End == ExecutionEnd.Cancelled
            ? Conditions.Of(type, ConditionStatus.False, picture.EndedAt, "Cancelled", "The execution was cancelled before a task started.")
            : Conditions.Of(type, ConditionStatus.Unknown, picture.Job.Metadata.CreationTimestamp, reason, waiting);

    private static JsonObject Completed(ExecutionPicture picture, string waiting) => picture.End switch
    {
        ExecutionEnd.Succeeded => Conditions.Of("Completed", ConditionStatus.True, picture.EndedAt, "", Elapsed(picture)),
        ExecutionEnd.Failed => Conditions.Of("Completed", ConditionStatus.False, picture.EndedAt, Reason(picture), FailureMessage(picture)),
        ExecutionEnd.Cancelled => Conditions.Of(
            "Completed", ConditionStatus.False, picture.EndedAt, "Cancelled",
            $"Execution {picture.Name} was cancelled by {picture.Job.Metadata.Annotation(JobNames.CancelledBy)}."),
        _ when picture.IsBeingCancelled => Conditions.Of("Completed", ConditionStatus.Unknown, picture.Job.Metadata.CreationTimestamp, "Cancelling", "The tasks are being stopped."),
        _ => Conditions.Of("Completed", ConditionStatus.Unknown, picture.StartedAt ?? picture.Job.Metadata.CreationTimestamp, "", waiting),
    };

    private static string Elapsed(ExecutionPicture picture) =>
        picture is { StartedAt: { } from, EndedAt: { } to }
            ? string.Create(CultureInfo.InvariantCulture, $"Execution completed successfully in {(to - from).TotalSeconds:0.##}s.")
            : "Execution completed successfully.";

    private static string Reason(ExecutionPicture picture) =>
        picture.Failed!.Reason == "BackoffLimitExceeded" ? "NonZeroExitCode" : picture.Failed.Reason ?? "Failed";

    /// <summary>The latest failure of a task tells more than the sum of them.</summary>
    private static string FailureMessage(ExecutionPicture picture)
    {
        var last = picture.Tries().Where(one => one.Status.Phase == "Failed").MaxBy(one => one.Exit?.FinishedAt);
        return last?.Exit is { } exit && Reason(picture) == "NonZeroExitCode"
            ? string.Create(CultureInfo.InvariantCulture, $"Task {TaskView.NameOf(picture.Name, last.Index)} failed: {TaskView.Message(exit)}")
            : picture.Failed!.Message ?? "The execution failed.";
    }

    private static void Number(JsonObject status, string field, int number)
    {
        if (number > 0)
        {
            status[field] = number;
        }
    }
}
