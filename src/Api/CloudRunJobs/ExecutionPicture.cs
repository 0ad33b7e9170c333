using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Model;
using Slipway.Model.Batch;
using Slipway.Model.Core;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRunJobs;

internal enum TaskState
{
    Pending,
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Abandoned,
}

internal enum ExecutionEnd
{
    None,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>One try at one task, as its Pod tells.</summary>
internal sealed record TaskTry(int Index, int Attempt, PodStatus Status)
{
    public bool Began => Status.Phase != "Pending";

    public bool Ended => Status.Phase is "Succeeded" or "Failed";

    public TerminatedState? Exit => Status.ContainerStatuses?.FirstOrDefault()?.State?.Terminated;
}

/// <summary>
/// An execution with everything known about it: the batch Job that runs it, and the Pods of its tries. A Pod may be gone
/// or late; what the batch Job has counted stands. Pure.
/// </summary>
internal sealed class ExecutionPicture
{
    private readonly ILookup<int, TaskTry> _tries;
    private readonly List<(int Low, int High)> _done;
    private readonly Condition? _suspended;

    private ExecutionPicture(Resource job, JsonObject spec, IEnumerable<Resource> pods)
    {
        Job = job;
        Spec = spec;
        TaskCount = (int)Math.Clamp(spec.Whole("taskCount") ?? 1, 0, JobRules.TaskCountMax);
        Status = job.Read("status", KindsJson.Default.JobStatus) ?? new JobStatus();
        _tries = pods.Select(TryOf).OrderBy(one => one.Attempt).ToLookup(one => one.Index);
        _done = Ranges(Status.CompletedIndexes);
        Complete = Condition("Complete");
        Failed = Condition("Failed");
        _suspended = job.Metadata.Annotation(JobNames.CancelledBy) is not null && IsSuspended(job) ? Condition("Suspended") : null;
    }

    public Resource Job { get; }

    /// <summary>The spec in the words of Cloud Run.</summary>
    public JsonObject Spec { get; }

    public int TaskCount { get; }

    public JobStatus Status { get; }

    public Condition? Complete { get; }

    public Condition? Failed { get; }

    public string Name => Job.Name;

    public ExecutionEnd End =>
        Complete is not null ? ExecutionEnd.Succeeded
        : Failed is not null ? ExecutionEnd.Failed
        : _suspended is not null ? ExecutionEnd.Cancelled
        : ExecutionEnd.None;

    /// <summary>True from the request on; <see cref="End"/> says so when the tasks have been told to stop.</summary>
    public bool IsBeingCancelled => End == ExecutionEnd.None && Job.Metadata.Annotation(JobNames.CancelledBy) is not null && IsSuspended(Job);

    public DateTimeOffset? EndedAt => End switch
    {
        ExecutionEnd.Succeeded => Status.CompletionTime ?? Complete!.LastTransitionTime,
        ExecutionEnd.Failed => Failed!.LastTransitionTime,
        ExecutionEnd.Cancelled => _suspended!.LastTransitionTime,
        _ => null,
    };

    public DateTimeOffset? StartedAt => Status.StartTime ?? Tries().Min(one => one.Status.StartTime);

    public bool HasStarted => End is ExecutionEnd.Succeeded or ExecutionEnd.Failed
        || Status.Succeeded > 0 || Status.Failed > 0 || Tries().Any(one => one.Began);

    /// <summary>Null when the batch Job was not made as an execution.</summary>
    public static ExecutionPicture? Of(Resource job, IEnumerable<Resource> pods) =>
        SpecOf(job) is { } spec ? new ExecutionPicture(job, spec, pods) : null;

    public static bool IsExecution(Resource job) =>
        job.Metadata.Label(JobNames.JobLabel) is not null && job.Metadata.Annotation(JobNames.ExecutionSpec) is not null;

    public static bool IsFinished(Resource job) =>
        job.Read("status", KindsJson.Default.JobStatus)?.Conditions?
            .Exists(condition => condition is { Type: "Complete" or "Failed", Status: ConditionStatus.True }) == true;

    public IEnumerable<TaskTry> Tries() => _tries.SelectMany(tries => tries);

    public IEnumerable<TaskTry> TriesOf(int index) => _tries[index];

    public int Count(TaskState state) =>
        _tries.Select(tries => tries.Key).Where(index => index < TaskCount).Count(index => StateOf(index) == state);

    public TaskState StateOf(int index)
    {
        var tries = _tries[index].ToList();
        if (_done.Exists(range => range.Low <= index && index <= range.High) || tries.Exists(one => one.Status.Phase == "Succeeded"))
        {
            return TaskState.Succeeded;
        }

        return End switch
        {
            ExecutionEnd.Failed => tries.Count > 0 ? TaskState.Failed : TaskState.Abandoned,
            ExecutionEnd.Cancelled => TaskState.Cancelled,
            _ => tries.Exists(one => one.Began && !one.Ended) ? TaskState.Running : TaskState.Pending,
        };
    }

    private Condition? Condition(string type) =>
        Status.Conditions?.Find(condition => condition.Type == type && condition.Status == ConditionStatus.True);

    private static bool IsSuspended(Resource job) => job.Read("spec", KindsJson.Default.JobSpec)?.Suspend == true;

    private static JsonObject? SpecOf(Resource job)
    {
        try
        {
            return IsExecution(job) ? JsonNode.Parse(job.Metadata.Annotation(JobNames.ExecutionSpec)!) as JsonObject : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static TaskTry TryOf(Resource pod) => new(
        Number(pod.Metadata.Label(JobNames.IndexOfPod)),
        Number(pod.Metadata.Label(JobNames.AttemptOfPod)),
        pod.Read("status", KindsJson.Default.PodStatus) ?? new PodStatus());

    private static int Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The done tasks, written like <c>0-4,7</c>.</summary>
    private static List<(int Low, int High)> Ranges(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('-')).Select(ends => (Number(ends[0]), Number(ends[^1])))];
}
