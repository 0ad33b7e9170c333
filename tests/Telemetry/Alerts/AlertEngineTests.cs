using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Tests.Alerts;

public sealed class AlertEngineTests
{
    private const string Down = """{"alert":"Down","expr":"up == 0","for":"1m","labels":{"severity":"critical"},"annotations":{"summary":"{{ $labels.service }} is down: {{ $value }}"}}""";

    [Fact]
    public async Task An_alert_is_pending_then_fires_is_told_and_its_end_is_told_too()
    {
        using var scene = new AlertScene();
        await scene.RouteAsync();
        await scene.RuleAsync(Down);
        scene.Metrics.Answer("up == 0", 0, ("__name__", "up"), ("service", "cart"));

        await scene.PassAsync(TimeSpan.FromSeconds(40));
        Assert.Equal("pending", Assert.Single(scene.Engine.Book.Groups().Single().Rules).State);
        Assert.Empty(scene.Ear.Heard);

        await scene.PassAsync(TimeSpan.FromSeconds(60));
        var told = Assert.Single(scene.Ear.Heard);
        Assert.Equal("cart is down: 0", told.Firing.Single().Annotations["summary"]);
        Assert.Equal("firing", scene.Engine.Book.Groups().Single().Rules.Single().State);
        Assert.Contains(scene.Metrics.Written, sample => sample.Series.ToString() == """ALERTS{alertname="Down",alertstate="firing",service="cart",severity="critical"}""" && sample.Value == 1);
        Assert.Contains(scene.Metrics.Written, sample => sample.Series.Metric == "ALERTS_FOR_STATE");
        Assert.Contains(scene.Metrics.Written, sample => sample.Series["alertstate"] == "pending" && double.IsNaN(sample.Value));

        scene.Metrics.Answer("up == 0");
        await scene.PassAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(["ear firing Down", "ear resolved Down"], scene.Ear.Words);
        Assert.Equal("inactive", scene.Engine.Book.Groups().Single().Rules.Single().State);
    }

    [Fact]
    public async Task What_a_rule_records_is_written_under_its_name_and_ends_when_it_does()
    {
        using var scene = new AlertScene();
        await scene.RuleAsync("""{"record":"job:up:sum","expr":"sum by (job) (up)","labels":{"by":"rule"}}""");
        scene.Metrics.Answer("sum by (job) (up)", new VectorElement(LabelSet.Of(("job", "a")), new Sample(0, 2)), new VectorElement(LabelSet.Of(("job", "b")), new Sample(0, 3)));
        await scene.PassAsync(TimeSpan.FromSeconds(20));
        scene.Metrics.Answer("sum by (job) (up)", 2, ("job", "a"));
        await scene.PassAsync(TimeSpan.FromSeconds(20));

        var written = scene.Metrics.Written.Where(sample => sample.Series["job"] == "b").ToList();
        Assert.All(written, sample => Assert.Equal("""job:up:sum{by="rule",job="b"}""", sample.Series.ToString()));
        Assert.Equal(3, written[0].Value);
        Assert.True(new Sample(0, written[^1].Value).IsStale);
    }

    [Fact]
    public async Task A_mistake_is_told_in_the_status_with_its_place_and_the_other_rules_work()
    {
        using var scene = new AlertScene();
        scene.Metrics.Fail("sum(", "bad-expression", "1:5: unexpected end of input");

        var resource = await scene.RuleAsync(Down + """,{"alert":"Broken","expr":"sum("},{"alert":"Typo","expr":"up","annotations":{"summary":"{{ $value | humanise }}"}}""");

        var status = resource.Read("status", KindsJson.Default.PrometheusRuleStatus)!;
        var accepted = Assert.Single(status.Conditions);
        Assert.Equal(("Accepted", ConditionStatus.False, "RulesInvalid"), (accepted.Type, accepted.Status, accepted.Reason));
        Assert.Contains("spec.groups[0].rules[1].expr: 1:5: unexpected end of input", accepted.Message, StringComparison.Ordinal);
        Assert.Contains("spec.groups[0].rules[2].annotations[summary]: there is no function \"humanise\"", accepted.Message, StringComparison.Ordinal);
        Assert.Equal(1, status.Rules);

        resource = await scene.RuleAsync(Down);
        Assert.Equal(ConditionStatus.True, Assert.Single(resource.Read("status", KindsJson.Default.PrometheusRuleStatus)!.Conditions).Status);
    }

    [Fact]
    public async Task While_nobody_can_judge_an_expression_it_counts_as_good_and_is_looked_at_again()
    {
        using var scene = new AlertScene();
        scene.Metrics.Answer("sum(", _ => new Failure(FailureKind.Unavailable, "store-away", "metrics cannot be asked now"));
        await scene.RuleAsync("""{"alert":"Broken","expr":"sum("}""");
        Assert.False(await scene.Engine.LookAsync(AlertScene.Cancellation));

        scene.Metrics.Fail("sum(", "bad-expression", "1:5: unexpected end of input");
        Assert.True(await scene.Engine.LookAsync(AlertScene.Cancellation));
        var rule = scene.Store.Get(new ResourceKey(Kinds.PrometheusRule, "default", "rules"))!;
        Assert.Equal(ConditionStatus.False, Assert.Single(rule.Read("status", KindsJson.Default.PrometheusRuleStatus)!.Conditions).Status);
    }

    [Fact]
    public async Task Rules_on_logs_ask_the_logs()
    {
        using var scene = new AlertScene();
        await scene.ApplyAsync(
            Kinds.PrometheusRule, "logs", """{"groups":[{"name":"logs","interval":"15s","rules":[{"alert":"Spike","expr":"sum(rate({level=\"error\"}[5m])) > 1"}]}]}""",
            annotations: """{"slipway.dev/expressions":"logql"}""");
        scene.Logs.Answer("""sum(rate({level="error"}[5m])) > 1""", 2);

        await scene.PassAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("firing", scene.Engine.Book.Groups().Single().Rules.Single().State);
        Assert.Equal(0, scene.Metrics.Asked);
    }

    [Fact]
    public async Task A_restart_forgets_neither_how_long_an_alert_waits_nor_that_it_was_told()
    {
        using var scene = new AlertScene();
        await scene.RouteAsync();
        await scene.RuleAsync(Down);
        scene.Metrics.Answer("up == 0", 0, ("service", "cart"));
        await scene.PassAsync(TimeSpan.FromSeconds(50));

        await scene.RestartAsync();
        await scene.PassAsync(TimeSpan.FromSeconds(40));
        Assert.Equal(["ear firing Down"], scene.Ear.Words);

        await scene.RestartAsync();
        await scene.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["ear firing Down"], scene.Ear.Words);

        // What ends while nobody looks is told as ended, though not before there was time to measure.
        await scene.RestartAsync();
        scene.Metrics.Answer("up == 0");
        await scene.PassAsync(TimeSpan.FromSeconds(50));
        Assert.Single(scene.Ear.Heard);
        await scene.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(["ear firing Down", "ear resolved Down"], scene.Ear.Words);
    }

    [Fact]
    public async Task A_rule_that_is_taken_away_takes_its_alerts_with_it()
    {
        using var scene = new AlertScene();
        await scene.RouteAsync();
        await scene.RuleAsync(Down);
        scene.Metrics.Answer("up == 0", 0, ("service", "cart"));
        await scene.PassAsync(TimeSpan.FromMinutes(2));

        await scene.Store.DeleteAsync(new ResourceKey(Kinds.PrometheusRule, "default", "rules"), DeleteOptions.Default, AlertScene.Cancellation);
        await scene.Engine.LookAsync(AlertScene.Cancellation);
        await scene.PassAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(["ear firing Down", "ear resolved Down"], scene.Ear.Words);
    }

    [Fact]
    public async Task Evaluations_that_come_late_are_counted_as_missed_and_errors_are_shown()
    {
        using var scene = new AlertScene();
        await scene.RuleAsync("""{"alert":"Slow","expr":"slow"}""");
        scene.Metrics.Fail("slow", "query-timeout", "took too long");

        await scene.PassAsync(TimeSpan.FromSeconds(20));
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        await scene.PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(3, scene.Engine.EvaluationsMissed);
        var rule = scene.Engine.Book.Groups().Single().Rules.Single();
        Assert.Equal(("err", "took too long"), (rule.Health, rule.Error));
        Assert.True(scene.Engine.RulesFailed > 0);
    }

    [Fact]
    public async Task Two_results_with_the_same_labels_and_too_many_results_are_errors_of_the_rule()
    {
        using var scene = new AlertScene();
        await scene.ApplyAsync(Kinds.PrometheusRule, "rules",
            """{"groups":[{"name":"group","interval":"15s","limit":1,"rules":[{"alert":"Same","expr":"same","labels":{"a":"x"}},{"alert":"Many","expr":"many"}]}]}""");
        scene.Metrics.Answer("same", 1, ("a", "1"));
        scene.Metrics.Answer("many", new VectorElement(LabelSet.Of(("a", "1")), new Sample(0, 2)), new VectorElement(LabelSet.Of(("a", "2")), new Sample(0, 3)));

        await scene.PassAsync(TimeSpan.FromSeconds(20));

        var rules = scene.Engine.Book.Groups().Single().Rules;
        Assert.Null(rules[0].Error);
        Assert.Equal("the expression comes to 2 results and 1 are allowed", rules[1].Error);
    }
}
