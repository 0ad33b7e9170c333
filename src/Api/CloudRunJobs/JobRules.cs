using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.Replies;
using Slipway.Model.Decoding;
using Slipway.Model.Defaulting;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Validation;

namespace Slipway.Api.CloudRunJobs;

/// <summary>
/// Defaults and rules of a job's spec. The part that describes containers is checked by the rules of the batch Job that
/// will run them, so that whatever is accepted here can be executed. Pure.
/// </summary>
internal static class JobRules
{
    public const int TaskCountMax = 10_000;
    public const int RetriesMax = 10;
    public const int TimeoutSecondsMax = 7 * 24 * 3600;

    /// <summary>An execution carries its spec in an annotation, and all annotations of an object share 256 KiB.</summary>
    public const int SpecBytesMax = 128 * 1024;

    private const string TaskPath = "spec.template.spec.template.spec";
    private const string BatchPath = "spec.template.spec";

    /// <summary>Fills in what the client left open; applying it again changes nothing.</summary>
    public static void Default(JsonObject spec)
    {
        var execution = spec.Made("template").Made("spec");
        Set(execution, "taskCount", 1);
        var task = execution.Made("template").Made("spec");
        Set(task, "maxRetries", 3);
        Set(task, "timeoutSeconds", "600");
    }

    public static Failure? Refusal(string name, JsonObject spec)
    {
        var findings = new List<Finding>();
        var execution = spec.Child("template").Child("spec");
        var task = execution.Child("template").Child("spec");
        Range(findings, execution, "taskCount", "spec.template.spec", 1, TaskCountMax);
        Range(findings, execution, "parallelism", "spec.template.spec", 0, execution.Whole("taskCount") ?? TaskCountMax);
        Range(findings, task, "maxRetries", TaskPath, 0, RetriesMax);
        Range(findings, task, "timeoutSeconds", TaskPath, 1, TimeoutSecondsMax);
        if (spec.ToJsonString().Length > SpecBytesMax)
        {
            findings.Add(new Finding("FieldValueTooLong", $"the whole spec may have at most {SpecBytesMax} bytes of JSON; move large values to a Secret or ConfigMap", "spec"));
        }

        if (task?["containers"] is JsonArray { Count: > 1 })
        {
            findings.Add(new Finding("FieldValueInvalid", "jobs run one container per task; remove the others", TaskPath + ".containers"));
        }

        if (findings.Count == 0)
        {
            findings.AddRange(Unrunnable(name, spec));
        }

        return findings.Count == 0 ? null : Refused(name, findings);
    }

    public static Failure Refused(string name, IReadOnlyList<Finding> findings)
    {
        var texts = findings.Select(finding => finding.Field.Length == 0 ? finding.Message : $"{finding.Field}: {finding.Message}").Distinct();
        return Failures.BadRequest($"job \"{name}\" is invalid: {string.Join("; ", texts)}") with { Findings = findings };
    }

    /// <summary>What the batch Job of an execution would be refused for, in the places of the job.</summary>
    private static IEnumerable<Finding> Unrunnable(string name, JsonObject spec)
    {
        var template = (JsonObject)spec["template"]!;
        var batch = BatchJobs.Manifest("default", name, template);
        foreach (var map in new[] { "labels", "annotations" })
        {
            if (template.Child("metadata")?[map] is { } given)
            {
                batch.Child("metadata")![map] = given.DeepClone();
            }
        }

        var illTyped = StrictDecoder.Check(Kinds.Job, batch).Where(problem => problem.Kind == FieldProblemKind.IllTyped).ToList();
        if (illTyped.Count > 0)
        {
            return illTyped.Select(problem => new Finding("FieldValueInvalid", Moved(problem.Message), ""));
        }

        StrictDecoder.Prune(Kinds.Job, batch);
        Defaults.Apply(Kinds.Job, batch, null);
        return Validator.Check(Kinds.Job, batch, null).Select(finding => finding with { Field = Moved(finding.Field) });
    }

    private static string Moved(string text) => text
        .Replace(BatchPath, TaskPath, StringComparison.Ordinal)
        .Replace("metadata.labels", "spec.template.metadata.labels", StringComparison.Ordinal)
        .Replace("metadata.annotations", "spec.template.metadata.annotations", StringComparison.Ordinal);

    private static void Range(List<Finding> findings, JsonObject? parent, string field, string path, long low, long high)
    {
        if (parent is null || !parent.TryGetPropertyValue(field, out var given) || given is null)
        {
            return;
        }

        if (parent.Whole(field) is not { } number || number < low || number > high)
        {
            findings.Add(new Finding(
                "FieldValueInvalid",
                string.Create(CultureInfo.InvariantCulture, $"expected a whole number from {low} to {high}, got {given.ToJsonString()}"),
                $"{path}.{field}"));
        }
    }

    private static void Set(JsonObject parent, string field, JsonNode value)
    {
        if (parent[field] is null)
        {
            parent[field] = value;
        }
    }
}
