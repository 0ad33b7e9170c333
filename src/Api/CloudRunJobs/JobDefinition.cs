using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRunJobs;

/// <summary>A job as it is kept: a ConfigMap with the job's labels and annotations, and its spec as JSON text.</summary>
internal sealed record JobDefinition(Resource Kept, string Name, JsonObject Spec)
{
    public static ResourceKey KeyOf(string project, string name) => new(Kinds.ConfigMap, project, JobNames.DefinitionPrefix + name);

    /// <summary>Null when the ConfigMap is something else, or has been edited into something else.</summary>
    public static JobDefinition? Of(Resource? kept)
    {
        if (kept is null
            || kept.Metadata.Label(JobNames.DefinitionLabel) != JobNames.DefinitionOfJob
            || !kept.Name.StartsWith(JobNames.DefinitionPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var text = kept.ToJson().Child("data").Text(JobNames.SpecKey);
            return text.Length > 0 && JsonNode.Parse(text) is JsonObject spec
                ? new JobDefinition(kept, kept.Name[JobNames.DefinitionPrefix.Length..], spec)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public OwnerReference AsOwner() => new()
    {
        ApiVersion = Kinds.ConfigMap.ApiVersion,
        Kind = Kinds.ConfigMap.Kind,
        Name = Kept.Name,
        Uid = Kept.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };

    /// <summary>The ConfigMap that keeps a job. <paramref name="job"/> has been completed and checked.</summary>
    public static JsonObject Draft(JsonObject job, string project, string name)
    {
        var metadata = new JsonObject { ["name"] = JobNames.DefinitionPrefix + name, ["namespace"] = project };
        var labels = ClientsOwn(job.Child("metadata").Child("labels"), JobNames.IsServerOwnedLabel);
        labels[JobNames.DefinitionLabel] = JobNames.DefinitionOfJob;
        metadata["labels"] = labels;
        metadata["annotations"] = ClientsOwn(job.Child("metadata").Child("annotations"), JobNames.IsServerOwnedAnnotation);
        foreach (var precondition in new[] { "resourceVersion", "uid" })
        {
            if (job.Child("metadata").Text(precondition) is { Length: > 0 } value)
            {
                metadata[precondition] = value;
            }
        }

        return new JsonObject
        {
            ["apiVersion"] = Kinds.ConfigMap.ApiVersion,
            ["kind"] = Kinds.ConfigMap.Kind,
            ["metadata"] = metadata,
            ["data"] = new JsonObject { [JobNames.SpecKey] = job["spec"]!.ToJsonString() },
        };
    }

    /// <summary>What of a map the client decides. Entries of other types stay, for the rules to refuse.</summary>
    public static JsonObject ClientsOwn(JsonObject? map, Func<string, bool> isServerOwned)
    {
        var own = new JsonObject();
        foreach (var (key, value) in map ?? [])
        {
            if (!isServerOwned(key) && value is not null)
            {
                own[key] = value.DeepClone();
            }
        }

        return own;
    }
}
