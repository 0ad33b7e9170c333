using System.Text.Json.Nodes;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRunJobs;

/// <summary>The batch Job that runs an execution: what of the two dialects corresponds to what. Pure.</summary>
internal static class BatchJobs
{
    /// <summary>One machine runs the tasks, so "no limit" means this many at once.</summary>
    public const int ParallelismDefault = 10;

    private const string ContainerName = "job";
    private const int FirstBackoffSeconds = 10;
    private const int LastBackoffSeconds = 360;

    /// <param name="template">The execution template: metadata, and the execution's spec.</param>
    public static JsonObject Manifest(string project, string name, JsonObject template)
    {
        var execution = template.Child("spec");
        var task = execution.Child("template").Child("spec");
        var count = execution.Whole("taskCount") ?? 1;
        var retries = task.Whole("maxRetries") ?? 3;
        var atOnce = AtOnce(count, execution.Whole("parallelism") ?? 0);
        var pod = task is null ? [] : (JsonObject)task.DeepClone();
        pod.Remove("maxRetries");
        pod.Remove("timeoutSeconds");
        pod["restartPolicy"] = "Never";
        foreach (var container in pod.Children("containers"))
        {
            if (container.Text("name").Length == 0)
            {
                container["name"] = ContainerName;
            }
        }

        return new JsonObject
        {
            ["apiVersion"] = Kinds.Job.ApiVersion,
            ["kind"] = Kinds.Job.Kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = project },
            ["spec"] = new JsonObject
            {
                ["completions"] = count,
                ["parallelism"] = atOnce,
                ["completionMode"] = "Indexed",
                ["backoffLimit"] = retries * count,
                ["activeDeadlineSeconds"] = Deadline(count, atOnce, retries, task.Whole("timeoutSeconds") ?? 600),
                ["template"] = new JsonObject { ["spec"] = pod },
            },
        };
    }

    public static long AtOnce(long count, long parallelism) =>
        Math.Min(count, parallelism > 0 ? parallelism : ParallelismDefault);

    /// <summary>
    /// The longest an execution can last when every try uses its whole time: no task is cut short before its own timeout,
    /// and none that hangs outlives the execution.
    /// </summary>
    public static long Deadline(long count, long atOnce, long retries, long timeoutSeconds)
    {
        var waves = (count + atOnce - 1) / atOnce;
        var waits = 0L;
        for (var (failure, wait) = (0L, (long)FirstBackoffSeconds); failure < retries * count; failure++)
        {
            waits += wait;
            wait = Math.Min(wait * 2, LastBackoffSeconds);
        }

        return Math.Min((waves * (retries + 1) * timeoutSeconds) + waits, int.MaxValue);
    }
}
