using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Model.Decoding;
using Slipway.Model.Monitoring;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>
/// PrometheusRule. What the expressions say is judged by those who evaluate them; here they are any text.
/// </summary>
internal static partial class PrometheusRuleRules
{
    private const int GroupsMax = 200;
    private const int RulesMax = 1000;

    private static readonly TimeSpan s_intervalMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_intervalMax = TimeSpan.FromDays(1);

    public static void Check(JsonObject next, FindingList findings)
    {
        BrokerRules.Choice(next.Object("metadata").Object("annotations"), MonitoringNames.Expressions, findings, MonitoringNames.PromQl, MonitoringNames.LogQl);
        var spec = next.Object("spec");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var rules = 0;
        foreach (var (group, index) in spec.Objects("groups"))
        {
            var path = FieldPath.Index("spec.groups", index);
            if (group.Text("name") is { Length: > 0 } name && !names.Add(name))
            {
                findings.Duplicate(name, FieldPath.Member(path, "name"), "group");
            }

            Group(group, path, findings);
            rules += group.List("rules")?.Count ?? 0;
        }

        if (spec.List("groups") is { Count: > GroupsMax } groups)
        {
            findings.OutOfRange(groups.Count, 0, GroupsMax, "spec.groups");
        }

        if (rules > RulesMax)
        {
            findings.Invalid($"{rules} rules", "spec.groups", $"a resource has at most {RulesMax} rules; make several");
        }
    }

    private static void Group(JsonObject group, string path, FindingList findings)
    {
        if (Duration(group, "interval", path, findings) is { } interval && (interval < s_intervalMin || interval > s_intervalMax))
        {
            findings.Invalid(group.Text("interval")!, FieldPath.Member(path, "interval"), "must be from 1s to 1d");
        }

        Duration(group, "query_offset", path, findings);
        findings.Range(group.Whole("limit"), 0, int.MaxValue, FieldPath.Member(path, "limit"));
        Labels(group, path, findings);
        foreach (var (rule, index) in group.Objects("rules"))
        {
            Rule(rule, FieldPath.Index(FieldPath.Member(path, "rules"), index), findings);
        }
    }

    private static void Rule(JsonObject rule, string path, FindingList findings)
    {
        var (alert, record) = (rule.Text("alert"), rule.Text("record"));
        if (string.IsNullOrEmpty(alert) && string.IsNullOrEmpty(record))
        {
            findings.NoneOf(path, "alert", "record");
        }
        else if (!string.IsNullOrEmpty(alert) && !string.IsNullOrEmpty(record))
        {
            findings.SeveralOf(path, "alert", "record");
        }
        else if (!string.IsNullOrEmpty(record))
        {
            if (!MetricName().IsMatch(record))
            {
                findings.Invalid(record, FieldPath.Member(path, "record"), "must be a name of a metric: letters, digits, '_' and ':', not beginning with a digit");
            }

            foreach (var member in new[] { "for", "keep_firing_for", "annotations" })
            {
                if (rule.Has(member) && !rule[member].IsZero())
                {
                    findings.Forbidden(FieldPath.Member(path, member), "rules that record have none");
                }
            }
        }

        if (rule.Has("expr") && string.IsNullOrWhiteSpace(rule["expr"].Shown()))
        {
            findings.Missing(FieldPath.Member(path, "expr"));
        }

        Duration(rule, "for", path, findings);
        Duration(rule, "keep_firing_for", path, findings);
        Labels(rule, path, findings);
        foreach (var (name, _) in rule.TextEntries("annotations"))
        {
            if (!LabelName().IsMatch(name))
            {
                findings.InvalidKey(name, FieldPath.Key(FieldPath.Member(path, "annotations"), name), "must be letters, digits and '_', not beginning with a digit");
            }
        }
    }

    public static bool IsLabel(string name) => LabelName().IsMatch(name);

    private static void Labels(JsonObject parent, string path, FindingList findings)
    {
        foreach (var (name, _) in parent.TextEntries("labels"))
        {
            if (!LabelName().IsMatch(name) || name == "__name__")
            {
                findings.InvalidKey(name, FieldPath.Key(FieldPath.Member(path, "labels"), name), "must be letters, digits and '_', not beginning with a digit, and not __name__");
            }
        }
    }

    private static TimeSpan? Duration(JsonObject parent, string member, string path, FindingList findings)
    {
        if (parent.Text(member) is not { Length: > 0 } text)
        {
            return null;
        }

        if (PrometheusDuration.TryParse(text, out var duration))
        {
            return duration;
        }

        findings.Invalid(text, FieldPath.Member(path, member), PrometheusDuration.Phrase);
        return null;
    }

    [GeneratedRegex(@"^[a-zA-Z_:][a-zA-Z0-9_:]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"^[a-zA-Z_][a-zA-Z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelName();
}
