using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary><c>rules</c> and <c>alerts</c>.</summary>
internal sealed class RuleEndpoints(IRuleBook book)
{
    /// <summary>What Prometheus says of something that never happened.</summary>
    private static readonly DateTimeOffset s_never = new(1, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task RulesAsync(HttpContext context)
    {
        var read = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        if (read.Failure is { } unreadable)
        {
            await ApiAnswer.FailAsync(context, unreadable).ConfigureAwait(false);
            return;
        }

        var type = read.Value.Text("type");
        if (type is not ("" or "alert" or "record"))
        {
            await ApiAnswer.FailAsync(context, ApiParameters.Bad($"invalid query parameter type='{type}', expected alert or record")).ConfigureAwait(false);
            return;
        }

        var names = read.Value.All("rule_name[]");
        var groups = read.Value.All("rule_group[]");
        var files = read.Value.All("file[]");
        await ApiAnswer.SucceedAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("groups");
            foreach (var group in book.Groups().Where(group => Wanted(groups, group.Name) && Wanted(files, group.File)))
            {
                var rules = group.Rules.Where(rule => Wanted(names, rule.Name) && (type.Length == 0 || type == "alert" == rule.Alerting is not null)).ToList();
                if (rules.Count > 0 || names.Count == 0)
                {
                    WriteGroup(json, group, rules);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    public Task AlertsAsync(HttpContext context) => ApiAnswer.SucceedAsync(context, json =>
    {
        json.WriteStartObject();
        WriteAlerts(json, book.Groups().SelectMany(group => group.Rules).SelectMany(rule => rule.Alerting?.Alerts ?? []));
        json.WriteEndObject();
    });

    private static bool Wanted(IReadOnlyList<string> filter, string name) => filter.Count == 0 || filter.Contains(name);

    private static void WriteGroup(Utf8JsonWriter json, RuleGroupView group, List<RuleView> rules)
    {
        json.WriteStartObject();
        json.WriteString("name", group.Name);
        json.WriteString("file", group.File);
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            WriteRule(json, rule);
        }

        json.WriteEndArray();
        json.WriteNumber("interval", group.Interval.TotalSeconds);
        json.WriteNumber("limit", 0);
        json.WriteNumber("evaluationTime", group.EvaluationTime.TotalSeconds);
        json.WriteString("lastEvaluation", group.LastEvaluation ?? s_never);
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, RuleView rule)
    {
        json.WriteStartObject();
        if (rule.Alerting is { } alerting)
        {
            json.WriteString("state", alerting.State);
            json.WriteNumber("duration", alerting.For.TotalSeconds);
            json.WriteNumber("keepFiringFor", alerting.KeepFiringFor.TotalSeconds);
            WriteTexts(json, "annotations", alerting.Annotations);
            WriteAlerts(json, alerting.Alerts);
        }

        json.WriteString("name", rule.Name);
        json.WriteString("query", rule.Query);
        json.WritePropertyName("labels");
        ApiAnswer.WriteLabels(json, rule.Labels);
        json.WriteString("health", rule.Health);
        if (rule.LastError.Length > 0)
        {
            json.WriteString("lastError", rule.LastError);
        }

        json.WriteNumber("evaluationTime", rule.EvaluationTime.TotalSeconds);
        json.WriteString("lastEvaluation", rule.LastEvaluation ?? s_never);
        json.WriteString("type", rule.Alerting is null ? "recording" : "alerting");
        json.WriteEndObject();
    }

    private static void WriteAlerts(Utf8JsonWriter json, IEnumerable<AlertView> alerts)
    {
        json.WriteStartArray("alerts");
        foreach (var alert in alerts)
        {
            json.WriteStartObject();
            json.WritePropertyName("labels");
            ApiAnswer.WriteLabels(json, alert.Labels);
            WriteTexts(json, "annotations", alert.Annotations);
            json.WriteString("state", alert.State);
            json.WriteString("activeAt", alert.ActiveAt);
            json.WriteString("value", PromQl.Syntax.PromQlNumber.Scientific(alert.Value));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> texts)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in texts)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
