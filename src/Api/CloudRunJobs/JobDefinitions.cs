using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Access;
using Slipway.Api.Admission;
using Slipway.Api.Deletions;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Api.Writes;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Selection;
using Slipway.Model.Values;
using Slipway.Store;

namespace Slipway.Api.CloudRunJobs;

/// <summary>Creates, reads, replaces and deletes jobs.</summary>
internal sealed class JobDefinitions(
    ApiServices services, AdmissionGate gate, ObjectWriter writer, NamespaceRules namespaces, ExecutionBook executions)
{
    private const string Manager = "gcloud";

    public JobDefinition? Find(string project, string name) =>
        JobDefinition.Of(services.Store.Get(JobDefinition.KeyOf(project, name)));

    public Reply Get(string project, string name) =>
        Find(project, name) is { } definition ? Shown(definition) : NotFound(name);

    public Reply List(HttpRequest request, string project)
    {
        var labels = LabelSelector.Parse(request.Query["labelSelector"].ToString());
        if (labels.Failure is { } wrong)
        {
            return wrong;
        }

        var picture = services.Store.List(Kinds.ConfigMap, project);
        var byJob = executions.ByJob(project);
        var items = picture.Items
            .Where(labels.Value.Matches)
            .Select(JobDefinition.Of)
            .OfType<JobDefinition>()
            .OrderBy(definition => definition.Name, StringComparer.Ordinal)
            .Select(definition => (definition.Name, (Func<JsonObject>)(() => executions.Show(definition, byJob))));
        return Pages.Cut(request, JobNames.Job, picture.Version, items);
    }

    public async Task<Reply> CreateAsync(HttpContext http, Caller caller, string project, JsonObject job)
    {
        var checkedJob = Check(job, project, null);
        if (checkedJob.Failure is { } invalid)
        {
            return invalid;
        }

        var write = WriteOf(http.Request, caller, project, checkedJob.Value);
        if (write.Failure is { } wrong)
        {
            return wrong;
        }

        var name = checkedJob.Value;
        var dryRun = write.Value.Parameters.DryRun;
        var noRoom = dryRun || !Names.IsDns1123Label(project)
            ? namespaces.Refusal(Kinds.ConfigMap, project)
            : await namespaces.EnsureAsync(project, http.RequestAborted).ConfigureAwait(false);
        if (noRoom is not null)
        {
            return noRoom;
        }

        var draft = JobDefinition.Draft(job, project, name);
        draft.Child("metadata")!.Remove("resourceVersion");
        draft.Child("metadata")!.Remove("uid");
        Sign(draft, caller.User, caller.User);
        var admitted = gate.Create(write.Value, draft, []);
        if (admitted.Failure is { } refused)
        {
            return Refused(refused, name);
        }

        var made = await services.Store.CreateAsync(admitted.Value.Resource, new WriteOptions(dryRun), http.RequestAborted).ConfigureAwait(false);
        return made.Failure is { } failure ? Refused(failure.InClientWords(JobDefinition.KeyOf(project, name)), name) : Shown(JobDefinition.Of(made.Value)!);
    }

    public async Task<Reply> ReplaceAsync(HttpContext http, Caller caller, string project, string name, JsonObject job)
    {
        if (Find(project, name) is null)
        {
            return NotFound(name);
        }

        var checkedJob = Check(job, project, name);
        if (checkedJob.Failure is { } invalid)
        {
            return invalid;
        }

        var write = WriteOf(http.Request, caller, project, name);
        if (write.Failure is { } wrong)
        {
            return wrong;
        }

        var draft = JobDefinition.Draft(job, project, name);
        var written = await writer.ChangeAsync(write.Value, current => Next(current, draft, name, caller), http.RequestAborted).ConfigureAwait(false);
        return written switch
        {
            Reply.One one => Shown(JobDefinition.Of(one.Resource)!),
            Reply.Refused refused => Refused(refused.Failure, name),
            _ => written,
        };
    }

    public async Task<Reply> DeleteAsync(HttpContext http, string project, string name, JsonObject? body)
    {
        var parameters = DeleteParameters.Read(http.Request, body);
        if (parameters.Failure is { } wrong)
        {
            return wrong;
        }

        if (Find(project, name) is not { } definition)
        {
            return NotFound(name);
        }

        var options = parameters.Value.Options;
        var deleted = await services.Store.DeleteAsync(definition.Kept.Key, options with { Uid = options.Uid ?? definition.Kept.Uid }, http.RequestAborted).ConfigureAwait(false);
        return deleted.Failure is { } failure
            ? Refused(failure.InClientWords(definition.Kept.Key), name)
            : new Reply.Finished(new StatusObject(200, "", "") { Success = true, About = JobNames.Job, Name = name, Uid = definition.Kept.Uid });
    }

    public static Reply NotFound(string name) => new Reply.Refused(Failures.NotFound(JobNames.Job, name), JobNames.Job, name);

    private Reply.Document Shown(JobDefinition definition) =>
        new(executions.Show(definition, executions.ByJob(definition.Kept.Namespace)));

    /// <summary>Completes the manifest in place; the value is the job's name.</summary>
    private static Outcome<string> Check(JsonObject job, string project, string? name)
    {
        var path = new ResourcePath(JobNames.Job, project, name ?? "", "");
        if (Identity.Settle(job, path) is { } misplaced)
        {
            return misplaced;
        }

        if (name is not null && Identity.SettleName(job, path) is { } misnamed)
        {
            return misnamed;
        }

        var given = job.Child("metadata").Text("name");
        if (given.Length == 0)
        {
            return Failures.BadRequest("metadata.name: a job needs a name");
        }

        var problems = Names.Dns1035LabelProblems(given);
        if (problems.Count > 0)
        {
            return Failures.BadRequest($"metadata.name: \"{given}\" {problems[0]}");
        }

        JobRules.Default(job.Made("spec"));
        var spec = (JsonObject)job["spec"]!;
        return JobRules.Refusal(given, spec) is { } invalid ? invalid : given;
    }

    private static Outcome<WriteContext> WriteOf(HttpRequest request, Caller caller, string project, string name)
    {
        var parameters = WriteParameters.Read(request);
        var key = JobDefinition.KeyOf(project, name);

        // Fields that are new to this server are gcloud's business; they are kept and shown again.
        return parameters.Failure is { } wrong
            ? wrong
            : new WriteContext(new ResourcePath(key.Kind, key.Namespace, key.Name, ""), caller, parameters.Value with { FieldValidation = FieldValidation.Ignore }, Manager);
    }

    private Outcome<NextObject> Next(Resource current, JsonObject draft, string name, Caller caller)
    {
        if (JobDefinition.Of(current) is not { } former)
        {
            return Failures.NotFound(JobNames.Job, name);
        }

        var next = current.ToJson();
        var metadata = next.Child("metadata")!;
        foreach (var field in new[] { "resourceVersion", "uid" })
        {
            if (draft.Child("metadata").Text(field) is { Length: > 0 } precondition)
            {
                metadata[field] = precondition;
            }
        }

        var wanted = (JsonObject)draft.DeepClone();
        var spec = JsonNode.Parse(wanted.Child("data").Text(JobNames.SpecKey));
        if (!JsonNode.DeepEquals(spec, former.Spec))
        {
            next["data"] = wanted["data"]!.DeepClone();
        }

        metadata["labels"] = wanted.Child("metadata")!["labels"]!.DeepClone();
        metadata["annotations"] = wanted.Child("metadata")!["annotations"]!.DeepClone();
        Sign(next, current.Metadata.Annotation(JobNames.Creator) ?? "", current.Metadata.Annotation(JobNames.LastModifier) ?? "", current.Metadata.Annotation(JobNames.LastUpdated));

        // A replacement that changes nothing is no modification.
        if (!JsonNode.DeepEquals(WithoutVersion(next), WithoutVersion(current.ToJson())))
        {
            Sign(next, current.Metadata.Annotation(JobNames.Creator) ?? "", caller.User);
        }

        return new NextObject(next);
    }

    private static JsonObject WithoutVersion(JsonObject tree)
    {
        var copy = (JsonObject)tree.DeepClone();
        copy.Child("metadata")!.Remove("resourceVersion");
        copy.Child("metadata")!.Remove("uid");
        return copy;
    }

    private void Sign(JsonObject tree, string creator, string modifier, string? at = null)
    {
        var annotations = tree.Child("metadata")!.Made("annotations");
        Conditions.Set(annotations, JobNames.Creator, creator);
        Conditions.Set(annotations, JobNames.LastModifier, modifier);
        annotations[JobNames.LastUpdated] = at ?? Conditions.Instant(services.Time.GetUtcNow());
    }

    /// <summary>Clients know the job, not the ConfigMap that keeps it.</summary>
    private static Reply.Refused Refused(Failure failure, string name) => new(
        failure with
        {
            Detail = failure.Detail
                .Replace($"configmaps \"{JobNames.DefinitionPrefix}{name}\"", $"jobs.run.googleapis.com \"{name}\"", StringComparison.Ordinal)
                .Replace($"ConfigMap \"{JobNames.DefinitionPrefix}{name}\"", $"Job \"{name}\"", StringComparison.Ordinal),
        },
        JobNames.Job,
        name);
}
