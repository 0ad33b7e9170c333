using System.Text.Json.Nodes;
using Slipway.Model.Defaulting;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Model.Validation;

/// <summary>
/// All that is wrong with a manifest, at once, each finding with the path of its field. The manifest has been pruned and
/// defaulted; <c>current</c> is the stored object of an update. An empty list means the manifest may be stored.
/// </summary>
public static class Validator
{
    public static IReadOnlyList<Finding> Check(
        ResourceKind kind, JsonObject next, JsonObject? current, DefaultSettings? settings = null)
    {
        settings ??= DefaultSettings.Standard;
        var serving = kind.Group == Kinds.ServingGroup;
        FindingList findings = serving ? new ServingFindings() : new BuiltInFindings();
        MetadataRules.Check(kind, next, findings);
        SchemaRules.Check(kind, next, findings);
        if (serving)
        {
            ServingRules.Check(kind, next, current, settings, findings);
        }
        else if (kind == Kinds.Job)
        {
            BatchRules.CheckJob(next, current, findings);
        }
        else if (kind == Kinds.CronJob)
        {
            BatchRules.CheckCronJob(next, findings);
        }
        else if (kind == Kinds.Secret || kind == Kinds.ConfigMap)
        {
            CoreRules.CheckData(kind, next, current, findings);
        }
        else if (kind == Kinds.HttpRoute)
        {
            HttpRouteRules.Check(next, findings);
        }
        else if (kind == Kinds.TrafficPolicy)
        {
            TrafficPolicyRules.Check(next, findings);
        }
        else if (kind == Kinds.Database)
        {
            DatabaseRules.Check(next, current, findings);
        }
        else if (kind == Kinds.Broker)
        {
            BrokerRules.Check(next, current, findings);
        }
        else if (kind == Kinds.Trigger)
        {
            TriggerRules.Check(next, current, findings);
        }
        else if (kind == Kinds.PrometheusRule)
        {
            PrometheusRuleRules.Check(next, findings);
        }
        else if (kind == Kinds.AlertmanagerConfig)
        {
            AlertmanagerConfigRules.Check(next, findings);
        }

        return findings.All;
    }

    /// <summary>The findings as one failure, or null when there are none.</summary>
    public static Failure? Refusal(ResourceKind kind, string name, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return null;
        }

        if (kind.Group == Kinds.ServingGroup)
        {
            return new Failure(FailureKind.Malformed, "validation-failed", ServingMessages.Format(findings)) { Findings = findings };
        }

        var qualified = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        var lines = findings.Select(finding => $"{finding.Field}: {finding.Message}").Distinct().ToList();
        var listed = lines.Count == 1 ? lines[0] : $"[{string.Join(", ", lines)}]";
        return new Failure(FailureKind.Invalid, "validation-failed", $"{qualified} \"{name}\" is invalid: {listed}") { Findings = findings };
    }
}
