using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Access;
using Slipway.Api.Admission;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Writes;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Selection;
using Slipway.Model.Values;
using Slipway.Store;

namespace Slipway.Api.CloudRunJobs;

/// <summary>Runs jobs, and lists, cancels and deletes what came of it.</summary>
internal sealed class Executions(
    ApiServices services, AdmissionGate gate, ObjectWriter writer, JobDefinitions jobs, ExecutionBook book)
{
    /// <summary>Finished executions of one job beyond this are deleted, the oldest first, when it is run again.</summary>
    public const int KeptMax = 1000;

    /// <summary>Unfinished executions of one job; one more is refused with 429.</summary>
    public const int UnfinishedMax = 100;

    private const int TasksPerPage = 1000;
    private const int GeneratedNamesMax = 8;
    private const string Manager = "gcloud";

    private static readonly WriteParameters s_parameters = new(false, FieldValidation.Ignore, Manager, false);

    public async Task<Reply> RunAsync(HttpContext http, Caller caller, string project, string name, JsonObject? body)
    {
        if (jobs.Find(project, name) is not { } job)
        {
            return JobDefinitions.NotFound(name);
        }

        var spec = RunOverrides.Apply(job.Spec, body?["overrides"]);
        if (spec.Failure is { } unclear)
        {
            return unclear;
        }

        JobRules.Default(spec.Value);
        if (JobRules.Refusal(name, spec.Value) is { } invalid)
        {
            return invalid;
        }

        if (await MakeRoomAsync(job, http.RequestAborted).ConfigureAwait(false) is { } full)
        {
            return full;
        }

        for (var attempt = 1; ; attempt++)
        {
            var execution = GeneratedNames.Complete($"{name}-", services.Random);
            var manifest = Manifest(job, spec.Value, project, execution, caller);
            var admitted = gate.Create(WriteOf(caller, project, execution), manifest, []);
            if (admitted.Failure is { } refused)
            {
                return Refused(refused, execution);
            }

            var made = await services.Store.CreateAsync(admitted.Value.Resource, WriteOptions.Default, http.RequestAborted).ConfigureAwait(false);
            if (made.Succeeded)
            {
                return new Reply.Document(book.Show(book.PictureOf(made.Value)!));
            }

            if (made.Failure!.Kind != FailureKind.AlreadyExists || attempt == GeneratedNamesMax)
            {
                return Refused(made.Failure.InClientWords(admitted.Value.Resource.Key), execution);
            }
        }
    }

    public Reply Get(string project, string name) =>
        book.Find(project, name) is { } picture ? new Reply.Document(book.Show(picture)) : NotFound(name);

    public Reply List(HttpRequest request, string project)
    {
        var labels = LabelSelector.Parse(request.Query["labelSelector"].ToString());
        if (labels.Failure is { } wrong)
        {
            return wrong;
        }

        var version = services.Store.Version;
        var items = book.All(project, labels.Value.Matches)
            .OrderBy(picture => picture.Name, StringComparer.Ordinal)
            .Select(picture => (picture.Name, (Func<JsonObject>)(() => book.Show(picture))));
        return Pages.Cut(request, JobNames.Execution, version, items);
    }

    public Reply GetTask(string project, string name) =>
        TaskView.Parse(name) is var (execution, index) && book.Find(project, execution) is { } picture && index < picture.TaskCount
            ? new Reply.Document(book.Show(picture, index))
            : new Reply.Refused(Failures.NotFound(JobNames.Task, name), JobNames.Task, name);

    public Reply ListTasks(HttpRequest request, string project)
    {
        var labels = LabelSelector.Parse(request.Query["labelSelector"].ToString());
        if (labels.Failure is { } wrong)
        {
            return wrong;
        }

        var version = services.Store.Version;
        var wanted = labels.Value.Requirements.FirstOrDefault(one => one.Key == JobNames.ExecutionLabel && one.Operator == LabelOperator.In);
        var items = book.All(project, job => wanted is null || wanted.Values.Contains(job.Name))
            .OrderBy(picture => picture.Name + "/", StringComparer.Ordinal)
            .SelectMany(picture => Enumerable.Range(0, picture.TaskCount)
                .Where(index => labels.Value.Matches(book.LabelsOf(picture, index)))
                .Select(index => ($"{picture.Name}/{index:D5}", (Func<JsonObject>)(() => book.Show(picture, index)))));
        return Pages.Cut(request, JobNames.Task, version, items, TasksPerPage);
    }

    public async Task<Reply> CancelAsync(HttpContext http, Caller caller, string project, string name)
    {
        if (book.Find(project, name) is null)
        {
            return NotFound(name);
        }

        var written = await writer.ChangeAsync(WriteOf(caller, project, name), current => Cancelled(current, caller), http.RequestAborted).ConfigureAwait(false);
        return written switch
        {
            Reply.One one => new Reply.Document(book.Show(book.PictureOf(one.Resource)!)),
            Reply.Refused refused => Refused(refused.Failure, name),
            _ => written,
        };
    }

    public async Task<Reply> DeleteAsync(HttpContext http, string project, string name)
    {
        if (book.Find(project, name) is not { Job: var job })
        {
            return NotFound(name);
        }

        var deleted = await services.Store.DeleteAsync(job.Key, new DeleteOptions(Uid: job.Uid), http.RequestAborted).ConfigureAwait(false);
        return deleted.Failure is { } failure
            ? Refused(failure.InClientWords(job.Key), name)
            : new Reply.Finished(new StatusObject(200, "", "") { Success = true, About = JobNames.Execution, Name = name, Uid = job.Uid });
    }

    private static Reply.Refused NotFound(string name) => new(Failures.NotFound(JobNames.Execution, name), JobNames.Execution, name);

    private static Reply.Refused Refused(Failure failure, string name) => new(
        failure with { Detail = failure.Detail.Replace(Kinds.Job.Qualified, JobNames.Execution.Qualified, StringComparison.Ordinal) },
        JobNames.Execution,
        name);

    private static WriteContext WriteOf(Caller caller, string project, string execution) =>
        new(new ResourcePath(Kinds.Job, project, execution, ""), caller, s_parameters, Manager);

    private static Outcome<NextObject> Cancelled(Resource current, Caller caller)
    {
        if (ExecutionPicture.IsFinished(current))
        {
            return Failures.BadRequest($"execution \"{current.Name}\" has ended already and cannot be cancelled");
        }

        var next = current.ToJson();
        next.Made("spec")["suspend"] = true;
        var annotations = next.Made("metadata").Made("annotations");
        annotations[JobNames.CancelledBy] ??= caller.User;
        return new NextObject(next);
    }

    private static JsonObject Manifest(JobDefinition job, JsonObject spec, string project, string execution, Caller caller)
    {
        var template = (JsonObject)spec["template"]!;
        var manifest = BatchJobs.Manifest(project, execution, template);
        var labels = JobDefinition.ClientsOwn(template.Child("metadata").Child("labels"), JobNames.IsServerOwnedLabel);
        labels[JobNames.JobLabel] = job.Name;
        labels[JobNames.JobUidLabel] = job.Kept.Uid;
        labels[JobNames.JobGenerationLabel] = job.Kept.Metadata.Generation.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var annotations = JobDefinition.ClientsOwn(template.Child("metadata").Child("annotations"), JobNames.IsServerOwnedAnnotation);
        annotations[JobNames.Creator] = caller.User;
        annotations[JobNames.ExecutionSpec] = template["spec"]!.ToJsonString();
        var owner = job.AsOwner();
        var metadata = manifest.Child("metadata")!;
        metadata["labels"] = labels;
        metadata["annotations"] = annotations;
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = owner.ApiVersion,
            ["kind"] = owner.Kind,
            ["name"] = owner.Name,
            ["uid"] = owner.Uid,
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        });
        manifest.Child("spec").Child("template")!["metadata"] = new JsonObject
        {
            ["labels"] = new JsonObject { [JobNames.JobLabel] = job.Name, [JobNames.ExecutionLabel] = execution },
        };
        return manifest;
    }

    private async Task<Failure?> MakeRoomAsync(JobDefinition job, CancellationToken cancellation)
    {
        var former = book.All(job.Kept.Namespace, one => one.Metadata.ControllerOwner()?.Uid == job.Kept.Uid).ToList();
        var finished = former.Where(one => one.End != ExecutionEnd.None).Select(one => one.Job).ToList();
        if (former.Count - finished.Count >= UnfinishedMax)
        {
            return new Failure(
                FailureKind.Exhausted, "too-many-executions",
                $"job \"{job.Name}\" has {UnfinishedMax} unfinished executions; wait for one of them or cancel it");
        }

        foreach (var oldest in ExecutionBook.ByAge(finished).Take(former.Count - KeptMax + 1))
        {
            var deleted = await services.Store.DeleteAsync(oldest.Key, new DeleteOptions(Uid: oldest.Uid), cancellation).ConfigureAwait(false);
            if (deleted.Failure is { Kind: not FailureKind.NotFound } failure)
            {
                return failure;
            }
        }

        return null;
    }
}
