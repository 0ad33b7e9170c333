using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Monitoring;
using Slipway.Model.Resources;
using Slipway.Model.Values;

namespace Slipway.Model.Tests.Validation;

public sealed class MonitoringValidationTests
{
    [Theory]
    [InlineData("spec/groups/0/name", "\"\"", "spec.groups[0].name")]
    [InlineData("spec/groups/0/interval", "\"often\"", "spec.groups[0].interval")]
    [InlineData("spec/groups/0/interval", "\"2d\"", "spec.groups[0].interval")]
    [InlineData("spec/groups/0/limit", "-1", "spec.groups[0].limit")]
    [InlineData("spec/groups/0/labels", """{"a-b":"c"}""", "spec.groups[0].labels[a-b]")]
    [InlineData("spec/groups/0/partial_response_strategy", "\"warn\"", "spec.groups[0].partial_response_strategy")]
    [InlineData("spec/groups/0/rules/0/alert", "\"\"", "spec.groups[0].rules[0]")]
    [InlineData("spec/groups/0/rules/0/record", "\"a:b\"", "spec.groups[0].rules[0]")]
    [InlineData("spec/groups/0/rules/0/expr", "\" \"", "spec.groups[0].rules[0].expr")]
    [InlineData("spec/groups/0/rules/0/for", "\"5 minutes\"", "spec.groups[0].rules[0].for")]
    [InlineData("spec/groups/0/rules/0/keep_firing_for", "\"1m1h\"", "spec.groups[0].rules[0].keep_firing_for")]
    [InlineData("spec/groups/0/rules/0/labels", """{"__name__":"x"}""", "spec.groups[0].rules[0].labels[__name__]")]
    [InlineData("spec/groups/0/rules/0/annotations", """{"1st":"x"}""", "spec.groups[0].rules[0].annotations[1st]")]
    [InlineData("spec/groups/0/rules/1/record", "\"a b\"", "spec.groups[0].rules[1].record")]
    [InlineData("spec/groups/0/rules/1/for", "\"5m\"", "spec.groups[0].rules[1].for")]
    [InlineData("metadata/annotations", """{"slipway.dev/expressions":"sql"}""", "metadata.annotations[slipway.dev/expressions]")]
    public void A_PrometheusRule_is_told_what_is_wrong_with_it(string path, string value, string field) =>
        Assert.Equal(field, Assert.Single(Manifests.Check(Kinds.PrometheusRule, Rule(rule => rule.Put(path, value)))).Field);

    [Fact]
    public void Two_groups_of_one_name_are_one_too_many() =>
        Assert.Equal("spec.groups[1].name", Assert.Single(Manifests.Check(Kinds.PrometheusRule, Rule(rule =>
            rule["spec"]!["groups"]!.AsArray().Add(rule["spec"]!["groups"]![0]!.DeepClone())))).Field);

    [Theory]
    [InlineData("metadata/annotations", """{"slipway.dev/alerts":"mine"}""", "metadata.annotations[slipway.dev/alerts]")]
    [InlineData("spec/route/receiver", "\"nobody\"", "spec.route.receiver")]
    [InlineData("spec/route/receiver", "\"\"", "spec.route.receiver")]
    [InlineData("spec/route/groupBy", """["a-b"]""", "spec.route.groupBy[0]")]
    [InlineData("spec/route/groupWait", "\"soon\"", "spec.route.groupWait")]
    [InlineData("spec/route/repeatInterval", "\"0s\"", "spec.route.repeatInterval")]
    [InlineData("spec/route/matchers", """[{"name":"a","value":"(","matchType":"=~"}]""", "spec.route.matchers[0].value")]
    [InlineData("spec/route/matchers", """[{"name":"a","value":"x","matchType":"~"}]""", "spec.route.matchers[0].matchType")]
    [InlineData("spec/route/routes/0/receiver", "\"nobody\"", "spec.route.routes[0].receiver")]
    [InlineData("spec/route/routes/0/reciever", "\"hook\"", "spec.route.routes[0].reciever")]
    [InlineData("spec/route/routes/0/routes", """[{"matchers":[{"value":"x"}]}]""", "spec.route.routes[0].routes[0].matchers[0].name")]
    [InlineData("spec/route/routes/0/continue", "\"yes\"", "spec.route.routes[0].continue")]
    [InlineData("spec/receivers/0/webhookConfigs", "[{}]", "spec.receivers[0].webhookConfigs[0]")]
    [InlineData("spec/receivers/0/webhookConfigs", """[{"url":"ftp://x"}]""", "spec.receivers[0].webhookConfigs[0].url")]
    [InlineData("spec/receivers/1/slackConfigs", "[{}]", "spec.receivers[1].slackConfigs[0].apiURL")]
    [InlineData("spec/receivers/1/pagerdutyConfigs", "[{}]", "spec.receivers[1].pagerdutyConfigs[0].routingKey")]
    [InlineData("spec/receivers/1/emailConfigs", """[{"to":"nobody"}]""", "spec.receivers[1].emailConfigs[0].to")]
    [InlineData("spec/receivers/1/emailConfigs", """[{"to":"a@b.example","smarthost":"mail"}]""", "spec.receivers[1].emailConfigs[0].smarthost")]
    [InlineData("spec/receivers/1/name", "\"hook\"", "spec.receivers[1].name")]
    [InlineData("spec/inhibitRules/0/targetMatch", "[]", "spec.inhibitRules[0].targetMatch")]
    public void An_AlertmanagerConfig_is_told_what_is_wrong_with_it(string path, string value, string field) =>
        Assert.Contains(field, Manifests.Check(Kinds.AlertmanagerConfig, Config(config => config.Put(path, value))).Select(finding => finding.Field));

    [Fact]
    public void What_is_left_open_is_filled_in_and_what_is_right_is_taken()
    {
        var rule = Manifests.Defaulted(Kinds.PrometheusRule, Rule());
        var config = Manifests.Defaulted(Kinds.AlertmanagerConfig, Config());
        var platform = Manifests.Defaulted(Kinds.AlertmanagerConfig, Config(next => next["metadata"]!["namespace"] = "default"));

        Assert.Empty(Manifests.Check(Kinds.PrometheusRule, rule));
        Assert.Empty(Manifests.Check(Kinds.AlertmanagerConfig, config));
        Assert.Equal("30s", (string?)rule["spec"]!["groups"]![0]!["interval"]);
        Assert.Equal("promql", (string?)rule["metadata"]!["annotations"]![MonitoringNames.Expressions]);
        Assert.Equal(("30s", "5m", "4h"), ((string?)config["spec"]!["route"]!["groupWait"], (string?)config["spec"]!["route"]!["groupInterval"], (string?)config["spec"]!["route"]!["repeatInterval"]));
        Assert.Equal("namespace", (string?)config["metadata"]!["annotations"]![MonitoringNames.Alerts]);
        Assert.Equal("all", (string?)platform["metadata"]!["annotations"]![MonitoringNames.Alerts]);
        Assert.True((bool)config["spec"]!["receivers"]![0]!["webhookConfigs"]![0]!["sendResolved"]!);
    }

    [Fact]
    public void Unknown_fields_are_named_and_an_expression_may_be_a_number()
    {
        Assert.Contains("rules[0].severity", Assert.Single(StrictDecoder.Check(Kinds.PrometheusRule, Rule(rule => rule.Put("spec/groups/0/rules/0/severity", "\"x\"")))).ToString(), StringComparison.Ordinal);
        var read = Resource.FromJson(Kinds.PrometheusRule, Rule(rule => rule.Put("spec/groups/0/rules/0/expr", "1"))).Read("spec", KindsJson.Default.PrometheusRuleSpec)!;
        Assert.Equal("1", read.Groups[0].Rules![0].Expr);
        Assert.Equal("2m", read.Groups[0].Rules![0].KeepFiringFor);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d12h", 129600)]
    [InlineData("1w", 604800)]
    public void Durations_of_Prometheus_are_read(string text, int seconds)
    {
        Assert.True(PrometheusDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("1m1h")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("999999999999y")]
    public void What_is_none_is_refused(string text) => Assert.False(PrometheusDuration.TryParse(text, out _));

    private static JsonObject Rule(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"monitoring.coreos.com/v1","kind":"PrometheusRule","metadata":{"name":"shop","namespace":"demo"},
         "spec":{"groups":[{"name":"shop","rules":[
           {"alert":"Down","expr":"up == 0","for":"5m","keep_firing_for":"2m","labels":{"severity":"critical"},"annotations":{"summary":"{{ $labels.job }}"}},
           {"record":"job:up:sum","expr":"sum by (job) (up)"}]}]}}
        """,
        change);

    private static JsonObject Config(Action<JsonObject>? change = null) => Changed(
        """
        {"apiVersion":"monitoring.coreos.com/v1alpha1","kind":"AlertmanagerConfig","metadata":{"name":"people","namespace":"demo"},
         "spec":{"route":{"receiver":"hook","groupBy":["alertname"],"routes":[{"receiver":"chat","continue":true,"matchers":[{"name":"severity","matchType":"=~","value":"crit.*"}]}]},
           "receivers":[{"name":"hook","webhookConfigs":[{"url":"http://hook.example/"}]},
             {"name":"chat","slackConfigs":[{"apiURL":{"name":"chat","key":"url"},"channel":"#ops"}]}],
           "inhibitRules":[{"sourceMatch":[{"name":"severity","value":"critical"}],"targetMatch":[{"name":"severity","value":"warning"}],"equal":["service"]}]}}
        """,
        change);

    private static JsonObject Changed(string json, Action<JsonObject>? change)
    {
        var manifest = Manifests.Parse(json);
        change?.Invoke(manifest);
        return manifest;
    }
}
