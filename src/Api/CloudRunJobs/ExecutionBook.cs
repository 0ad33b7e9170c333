using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Model;
using Slipway.Model.Core;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.CloudRunJobs;

/// <summary>Finds executions, and what belongs to them, in the store. Nothing is remembered here.</summary>
internal sealed class ExecutionBook(IResourceStore store, string region)
{
    public ExecutionPicture? Find(string project, string name) =>
        store.Get(new ResourceKey(Kinds.Job, project, name)) is { } job ? PictureOf(job) : null;

    public ExecutionPicture? PictureOf(Resource job) => ExecutionPicture.Of(job, PodsOf(job.Namespace)[job.Uid]);

    /// <summary>The batch Jobs of a project that are executions, grouped by the uid of their job.</summary>
    public ILookup<string, Resource> ByJob(string project) =>
        store.List(Kinds.Job, project).Items.Where(ExecutionPicture.IsExecution).ToLookup(job => job.Metadata.ControllerOwner()?.Uid ?? "");

    public IEnumerable<ExecutionPicture> All(string project, Func<Resource, bool> wanted)
    {
        var pods = PodsOf(project);
        return store.List(Kinds.Job, project).Items
            .Where(job => ExecutionPicture.IsExecution(job) && wanted(job))
            .Select(job => ExecutionPicture.Of(job, pods[job.Uid]))
            .OfType<ExecutionPicture>();
    }

    /// <summary>The oldest first. Instants are whole seconds, and uids grow with time.</summary>
    public static IEnumerable<Resource> ByAge(IEnumerable<Resource> executions) =>
        executions.OrderBy(job => job.Metadata.CreationTimestamp).ThenBy(job => job.Uid, StringComparer.Ordinal);

    /// <summary>A job with its latest execution.</summary>
    public JsonObject Show(JobDefinition definition, ILookup<string, Resource> byJob)
    {
        var executions = byJob[definition.Kept.Uid].ToList();
        var latest = ByAge(executions).LastOrDefault();
        return JobView.Of(definition, executions.Count, latest is null ? null : PictureOf(latest), region);
    }

    public JsonObject Show(ExecutionPicture picture) => ExecutionView.Of(picture, region, Obstacle(picture));

    public JsonObject Show(ExecutionPicture picture, int index) => TaskView.Of(picture, index, region);

    public IReadOnlyDictionary<string, string> LabelsOf(ExecutionPicture picture, int index) => TaskView.Labels(picture, index, region);

    /// <summary>Why no task has started yet, for example an image that does not exist.</summary>
    private string Obstacle(ExecutionPicture picture)
    {
        if (picture.HasStarted || picture.End != ExecutionEnd.None)
        {
            return "";
        }

        var warnings = store.List(Kinds.Event, picture.Job.Namespace).Items
            .Select(BodyOf)
            .Where(body => body is { Type: "Warning" } && body.InvolvedObject.Uid == picture.Job.Uid);
        return warnings.MaxBy(body => body!.LastTimestamp)?.Message ?? "";
    }

    private static EventBody? BodyOf(Resource told) =>
        JsonSerializer.Deserialize(told.Body.Span, KindsJson.Default.EventBody);

    private ILookup<string, Resource> PodsOf(string project) =>
        store.List(Kinds.Pod, project).Items.ToLookup(pod => pod.Metadata.ControllerOwner()?.Uid ?? "");
}
