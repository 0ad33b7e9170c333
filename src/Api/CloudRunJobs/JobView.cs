using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.Requests;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRunJobs;

/// <summary>What gcloud sees of a job. Pure.</summary>
internal static class JobView
{
    public static JsonObject Of(JobDefinition definition, int executionCount, ExecutionPicture? latest, string region)
    {
        var kept = definition.Kept.Metadata;
        var labels = new JsonObject();
        foreach (var (key, value) in kept.Labels ?? [])
        {
            if (key != JobNames.DefinitionLabel)
            {
                labels[key] = value;
            }
        }

        var written = kept.Annotation(JobNames.LastUpdated) ?? Conditions.Instant(kept.CreationTimestamp);
        labels[CloudRunDialect.LocationLabel] = region;
        labels[JobNames.LastUpdatedLabel] = written;
        var annotations = new JsonObject();
        foreach (var (key, value) in kept.Annotations ?? [])
        {
            if (key != JobNames.LastUpdated)
            {
                annotations[key] = value;
            }
        }

        var ready = Conditions.Of("Ready", ConditionStatus.True, DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, out var since) ? since : kept.CreationTimestamp);
        var status = new JsonObject
        {
            // A definition is in force as soon as it is stored, so there is never an older generation to report.
            ["observedGeneration"] = kept.Generation,
            ["conditions"] = new JsonArray(ready),
            ["executionCount"] = executionCount,
        };
        if (latest is not null)
        {
            status["latestCreatedExecution"] = ExecutionView.Reference(latest);
        }

        return new JsonObject
        {
            ["apiVersion"] = JobNames.Job.ApiVersion,
            ["kind"] = JobNames.Job.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = definition.Name,
                ["namespace"] = kept.Namespace,
                ["uid"] = kept.Uid,
                ["resourceVersion"] = kept.ResourceVersion,
                ["generation"] = kept.Generation,
                ["creationTimestamp"] = Conditions.Instant(kept.CreationTimestamp),
                ["labels"] = labels,
                ["annotations"] = annotations,
            },
            ["spec"] = definition.Spec.DeepClone(),
            ["status"] = status,
        };
    }
}
