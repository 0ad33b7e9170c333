using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Store;
using Slipway.Telemetry.Alerts;

namespace Slipway.Telemetry.Tests.Alerts;

/// <summary>The engine as it runs in the server: it follows the store by itself and calls a real receiver.</summary>
public sealed class RunningEngineTests
{
    [Fact]
    public async Task It_follows_the_store_and_tells_a_webhook_whose_address_is_in_a_Secret()
    {
        await using var listener = await Listener.StartAsync();
        var cancellation = TestContext.Current.CancellationToken;
        using var scene = new AlertScene();
        var folder = Path.Combine(scene.Folder, "running");
        using var engine = new AlertEngine(new AlertEngineParts(scene.Store, scene.Metrics, scene.Logs, scene.Metrics, folder, TimeProvider.System, NullLoggerFactory.Instance));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = engine.RunAsync(stopping.Token);
        scene.Metrics.Answer("down", 1, ("service", "cart"));

        await SecretAsync(scene, "url", listener.Address.ToString());
        await scene.ApplyAsync(
            Kinds.AlertmanagerConfig, "people",
            """{"route":{"receiver":"ear","groupWait":"0s"},"receivers":[{"name":"ear","webhookConfigs":[{"urlSecret":{"name":"ear","key":"url"}}]}]}""");
        await scene.RuleAsync("""{"alert":"Down","expr":"down"}""", interval: "1s");
        await Until(() => !listener.Heard.IsEmpty);
        await Until(() => scene.Store.Get(new ResourceKey(Kinds.AlertmanagerConfig, "default", "people"))!
            .Read("status", KindsJson.Default.AlertmanagerConfigStatus)!.Conditions.All(condition => condition.Status == ConditionStatus.True));
        await Until(() => engine is { NoticesDelivered: 1, NoticesWaiting: 0 });

        await stopping.CancelAsync();
        await running;
    }

    [Fact]
    public void The_rules_that_are_shipped_are_there()
    {
        var rules = ShippedRules.All();

        Assert.Contains("platform.yaml", rules.Keys);
        Assert.All(rules.Values, text => Assert.Contains("kind: PrometheusRule", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_figure_has_a_name_of_its_own_and_can_be_read()
    {
        using var scene = new AlertScene();
        var figures = AlertFigures.Of(scene.Engine);

        Assert.Equal(figures.Count, figures.Select(figure => figure.Name).Distinct().Count());
        Assert.All(figures, figure => Assert.Equal(0, figure.Read()));
        Assert.All(figures, figure => Assert.Equal(figure.IsCounter, figure.Name.EndsWith("_total", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_Secret_that_is_missing_and_a_template_with_a_mistake_are_told_in_the_status()
    {
        using var scene = new AlertScene();
        var config = await scene.RouteAsync(way: """{"slackConfigs":[{"apiURL":{"name":"ear","key":"url"},"title":"{{ broken"}]}""");

        var conditions = config.Read("status", KindsJson.Default.AlertmanagerConfigStatus)!.Conditions;
        Assert.Equal(["Accepted", "SecretsFound"], conditions.Select(condition => condition.Type));
        Assert.Contains("spec.receivers[0].slackConfigs[0].title: a {{ has no }}", conditions[0].Message, StringComparison.Ordinal);
        Assert.Contains("Secret \"ear\" with key \"url\"", conditions[1].Message, StringComparison.Ordinal);

        await SecretAsync(scene, "url", "http://somewhere/");
        await scene.Engine.LookAsync(AlertScene.Cancellation);
        conditions = scene.Store.Get(config.Key)!.Read("status", KindsJson.Default.AlertmanagerConfigStatus)!.Conditions;
        Assert.Equal(ConditionStatus.True, conditions[1].Status);
    }

    private static async Task SecretAsync(AlertScene scene, string key, string value)
    {
        var data = new JsonObject { [key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) };
        var secret = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "ear", ["namespace"] = "default" }, ["data"] = data };
        Assert.True((await scene.Store.CreateAsync(Resource.FromJson(Kinds.Secret, secret), WriteOptions.Default, AlertScene.Cancellation)).Succeeded);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
