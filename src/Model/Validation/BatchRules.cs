using System.Text.Json.Nodes;
using Slipway.Model.Batch;
using Slipway.Model.Decoding;
using Slipway.Model.Defaulting;
using Slipway.Model.Trees;

namespace Slipway.Model.Validation;

/// <summary>Job and CronJob.</summary>
internal static class BatchRules
{
    /// <summary>The controller appends a number to the name of each job it starts.</summary>
    private const int CronJobNameLengthMax = 52;

    private static readonly string[] s_immutable = ["completions", "completionMode", "selector", "template"];

    public static void CheckJob(JsonObject next, JsonObject? current, FindingList findings)
    {
        Job(next.Object("spec"), "spec", findings);
        if (current is null)
        {
            return;
        }

        foreach (var field in s_immutable)
        {
            if (!JsonTree.Same(current.Object("spec")?[field], next.Object("spec")?[field]))
            {
                findings.Immutable($"spec.{field}", "delete the job and create it again");
            }
        }
    }

    public static void CheckCronJob(JsonObject next, FindingList findings)
    {
        var name = next.Object("metadata").Text("name") ?? "";
        if (name.Length > CronJobNameLengthMax)
        {
            findings.Invalid(name, "metadata.name", $"must be no more than {CronJobNameLengthMax} characters");
        }

        var spec = next.Object("spec");
        if (spec is null)
        {
            findings.Missing("spec.schedule");
            findings.Missing("spec.jobTemplate");
            return;
        }

        if (spec.Text("schedule") is { Length: > 0 } schedule && CronSchedule.Parse(schedule).Failure is { } failure)
        {
            findings.Invalid(schedule, "spec.schedule", failure.Detail);
        }

        if (spec.Text("timeZone") is { Length: > 0 } zone && !TimeZones.TryFind(zone, out _))
        {
            findings.Invalid(zone, "spec.timeZone", "unknown time zone " + zone);
        }

        foreach (var field in new[] { "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit" })
        {
            findings.Range(spec.Whole(field), 0, int.MaxValue, $"spec.{field}");
        }

        var template = spec.Object("jobTemplate");
        MetadataRules.Maps(template.Object("metadata"), "spec.jobTemplate.metadata", findings);
        if (template is not null)
        {
            Job(template.Object("spec"), "spec.jobTemplate.spec", findings);
        }
    }

    private static void Job(JsonObject? spec, string path, FindingList findings)
    {
        var template = spec.Object("template");
        if (spec is null)
        {
            findings.Missing(FieldPath.Member(path, "template"));
            return;
        }

        foreach (var field in new[] { "parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished" })
        {
            findings.Range(spec.Whole(field), field == "activeDeadlineSeconds" ? 1 : 0, int.MaxValue, FieldPath.Member(path, field));
        }

        if (spec.Text("completionMode") == "Indexed" && !spec.Has("completions"))
        {
            findings.Missing(FieldPath.Member(path, "completions"));
        }

        if (template is null)
        {
            return;
        }

        var templatePath = FieldPath.Member(path, "template");
        MetadataRules.Maps(template.Object("metadata"), FieldPath.Member(templatePath, "metadata"), findings);
        var podPath = FieldPath.Member(templatePath, "spec");
        if (template.Object("spec") is not { } pod)
        {
            findings.Missing(FieldPath.Member(podPath, "containers"));
            return;
        }

        if (string.IsNullOrEmpty(pod.Text("restartPolicy")))
        {
            findings.NotSupported("Always", FieldPath.Member(podPath, "restartPolicy"), ["OnFailure", "Never"]);
        }

        new PodRules(podPath, serving: false, DefaultSettings.Standard, findings).Check(pod);
    }
}
