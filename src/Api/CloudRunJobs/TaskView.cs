using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.Requests;
using Slipway.Model.Core;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRunJobs;

/// <summary>What gcloud sees of a task. Tasks are not stored: they follow from their execution. Pure.</summary>
internal static class TaskView
{
    private const string Infix = "-task";

    public static string NameOf(string execution, int index) => string.Create(CultureInfo.InvariantCulture, $"{execution}{Infix}{index}");

    /// <summary>The execution and the index that the name of a task is made of; null for any other name.</summary>
    public static (string Execution, int Index)? Parse(string name)
    {
        var at = name.LastIndexOf(Infix, StringComparison.Ordinal);
        return at > 0 && int.TryParse(name[(at + Infix.Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && NameOf(name[..at], index) == name
                ? (name[..at], index)
                : null;
    }

    public static Dictionary<string, string> Labels(ExecutionPicture picture, int index, string region) => new(StringComparer.Ordinal)
    {
        [JobNames.JobLabel] = picture.Job.Metadata.Label(JobNames.JobLabel)!,
        [JobNames.ExecutionLabel] = picture.Name,
        [JobNames.TaskIndexLabel] = index.ToString(CultureInfo.InvariantCulture),
        [JobNames.RunningStateLabel] = picture.StateOf(index).ToString(),
        [CloudRunDialect.LocationLabel] = region,
    };

    public static JsonObject Of(ExecutionPicture picture, int index, string region)
    {
        var labels = new JsonObject();
        foreach (var (key, value) in Labels(picture, index, region))
        {
            labels[key] = value;
        }

        return new JsonObject
        {
            ["apiVersion"] = JobNames.Task.ApiVersion,
            ["kind"] = JobNames.Task.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = NameOf(picture.Name, index),
                ["namespace"] = picture.Job.Namespace,
                ["uid"] = string.Create(CultureInfo.InvariantCulture, $"{picture.Job.Uid}-{index}"),
                ["resourceVersion"] = picture.Job.Metadata.ResourceVersion,
                ["generation"] = 1,
                ["creationTimestamp"] = Conditions.Instant(picture.Job.Metadata.CreationTimestamp),
                ["labels"] = labels,
                ["annotations"] = new JsonObject(),
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = JobNames.Execution.ApiVersion,
                    ["kind"] = JobNames.Execution.Kind,
                    ["name"] = picture.Name,
                    ["uid"] = picture.Job.Uid,
                    ["controller"] = true,
                    ["blockOwnerDeletion"] = true,
                }),
            },
            ["spec"] = picture.Spec.Child("template").Child("spec")?.DeepClone() ?? new JsonObject(),
            ["status"] = Status(picture, index),
        };
    }

    public static string Message(TerminatedState exit) =>
        string.IsNullOrEmpty(exit.Message)
            ? string.Create(CultureInfo.InvariantCulture, $"The container ended with exit code {exit.ExitCode} ({exit.Reason ?? "Error"}).")
            : exit.Message;

    private static JsonObject Status(ExecutionPicture picture, int index)
    {
        var state = picture.StateOf(index);
        var tries = picture.TriesOf(index).ToList();
        var startedAt = tries.Min(one => one.Status.StartTime);
        var ended = tries.LastOrDefault(one => one.Ended);
        var final = state is TaskState.Succeeded or TaskState.Failed or TaskState.Cancelled or TaskState.Abandoned;
        var endedAt = final ? ended?.Exit?.FinishedAt ?? picture.EndedAt : null;
        var began = state == TaskState.Succeeded || tries.Exists(one => one.Began);
        var status = new JsonObject
        {
            ["index"] = index,
            ["observedGeneration"] = 1,
            ["retried"] = tries.Count == 0 ? 0 : tries[^1].Attempt,
            ["conditions"] = new JsonArray(
                Conditions.Of("Completed", Truth(final, state == TaskState.Succeeded), endedAt ?? startedAt, Reason(state), ended?.Exit is { } end && state == TaskState.Failed ? Message(end) : ""),
                Conditions.Of("Started", Truth(began || final, began), startedAt, began || !final ? "" : state.ToString())),
        };
        Conditions.Set(status, "startTime", Conditions.Instant(startedAt));
        Conditions.Set(status, "completionTime", Conditions.Instant(endedAt));
        if (ended?.Exit is { } exit)
        {
            status["lastAttemptResult"] = new JsonObject { ["exitCode"] = exit.ExitCode, ["status"] = exit.ExitCode == 0 ? new JsonObject() : Problem(exit) };
        }

        return status;
    }

    private static string Truth(bool known, bool good) => !known ? ConditionStatus.Unknown : good ? ConditionStatus.True : ConditionStatus.False;

    private static string Reason(TaskState state) => state switch
    {
        TaskState.Failed => "NonZeroExitCode",
        TaskState.Cancelled or TaskState.Abandoned => state.ToString(),
        _ => "",
    };

    /// <summary>Clients print the message; the code says that the program, not the platform, gave up.</summary>
    private static JsonObject Problem(TerminatedState exit) => new() { ["code"] = 10, ["message"] = Message(exit) };
}
