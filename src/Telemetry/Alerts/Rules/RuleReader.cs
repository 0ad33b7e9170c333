using System.Security.Cryptography;
using System.Text;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Monitoring;
using Slipway.Model.Resources;
using Slipway.Model.Values;
using Slipway.Telemetry.Alerts.Templates;

namespace Slipway.Telemetry.Alerts.Rules;

/// <summary>What is wrong with one rule of a resource, and where.</summary>
internal readonly record struct RuleMistake(string Path, string Detail);

internal sealed record RuleReading(IReadOnlyList<RuleGroup> Groups, IReadOnlyList<RuleMistake> Mistakes);

/// <summary>
/// Makes rules of a PrometheusRule. A rule that cannot be read is named and left out; the others of the resource work
/// nevertheless, since one slip of the pen should not silence the alerts beside it.
/// </summary>
internal static class RuleReader
{
    /// <param name="check">Whether an expression can be read, by those who will evaluate it.</param>
    public static RuleReading Read(Resource resource, Func<string, bool, Failure?> check)
    {
        var spec = resource.Read("spec", KindsJson.Default.PrometheusRuleSpec) ?? new PrometheusRuleSpec();
        var onLogs = resource.Metadata.Annotation(MonitoringNames.Expressions) == MonitoringNames.LogQl;
        var groups = new List<RuleGroup>();
        var mistakes = new List<RuleMistake>();
        for (var index = 0; index < spec.Groups.Count; index++)
        {
            groups.Add(Group(resource, spec.Groups[index], $"spec.groups[{index}]", onLogs, check, mistakes));
        }

        return new RuleReading(groups, mistakes);
    }

    private static RuleGroup Group(Resource resource, RuleGroupSpec spec, string path, bool onLogs, Func<string, bool, Failure?> check, List<RuleMistake> mistakes)
    {
        var key = $"{resource.Namespace}/{resource.Name}/{spec.Name}";
        var rules = new List<Rule>();
        var text = new StringBuilder($"{spec.Interval}\n{spec.QueryOffset}\n{spec.Limit}\n{onLogs}");
        for (var index = 0; index < (spec.Rules?.Count ?? 0); index++)
        {
            var rule = spec.Rules![index];
            try
            {
                var read = Rule(key, rule, spec.Labels, $"{path}.rules[{index}]", onLogs, check, mistakes);
                if (read is not null)
                {
                    rules.Add(read);
                    text.Append('\n').Append(read.Id).Append(rule.For).Append('|').Append(rule.KeepFiringFor).Append('|').AppendJoin(';', rule.Annotations ?? []);
                }
            }
            catch (FormatException wrong)
            {
                mistakes.Add(new RuleMistake($"{path}.rules[{index}]", wrong.Message));
            }
        }

        return new RuleGroup(
            key, resource.Namespace, resource.Name, spec.Name,
            PrometheusDuration.Parse(spec.Interval, MonitoringNames.IntervalStandard), PrometheusDuration.Parse(spec.QueryOffset, "0"),
            spec.Limit ?? 0, onLogs, rules)
        {
            Text = text.ToString(),
        };
    }

    private static Rule? Rule(
        string group, RuleSpec spec, Dictionary<string, string>? groupLabels, string path, bool onLogs, Func<string, bool, Failure?> check, List<RuleMistake> mistakes)
    {
        var labels = new Dictionary<string, string>(groupLabels ?? [], StringComparer.Ordinal);
        foreach (var (label, value) in spec.Labels ?? [])
        {
            labels[label] = value;
        }

        var before = mistakes.Count;
        if (check(spec.Expr, onLogs) is { } failure)
        {
            mistakes.Add(new RuleMistake($"{path}.expr", failure.Detail));
        }

        var name = string.IsNullOrEmpty(spec.Alert) ? spec.Record ?? "" : spec.Alert;
        var id = Id(group, name, spec.Expr, labels);
        if (!string.IsNullOrEmpty(spec.Record))
        {
            return mistakes.Count > before ? null : new RecordRule(id, name, spec.Expr, labels);
        }

        var (labelTemplates, annotationTemplates) = (Templates(labels, $"{path}.labels", mistakes), Templates(spec.Annotations ?? [], $"{path}.annotations", mistakes));
        return mistakes.Count > before
            ? null
            : new AlertRule(
                id, name, spec.Expr, PrometheusDuration.Parse(spec.For, "0"), PrometheusDuration.Parse(spec.KeepFiringFor, "0"),
                labels, spec.Annotations ?? [])
            {
                Labels = labelTemplates,
                Annotations = annotationTemplates,
            };
    }

    private static Dictionary<string, Template> Templates(Dictionary<string, string> texts, string path, List<RuleMistake> mistakes)
    {
        var templates = new Dictionary<string, Template>(StringComparer.Ordinal);
        foreach (var (name, text) in texts)
        {
            try
            {
                templates[name] = Template.Parse(text);
            }
            catch (TemplateException wrong)
            {
                mistakes.Add(new RuleMistake($"{path}[{name}]", wrong.Message));
            }
        }

        return templates;
    }

    // The expression and the labels belong to it: two rules may share a name, and one that was rewritten starts anew.
    private static string Id(string group, string name, string expression, Dictionary<string, string> labels)
    {
        var text = new StringBuilder(group).Append('\n').Append(name).Append('\n').Append(expression);
        foreach (var (key, value) in labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(key).Append('=').Append(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 12));
    }
}
