using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Model.Defaulting;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Validation;
using Slipway.Store;
using Slipway.Telemetry.Alerts;
using Slipway.Telemetry.Alerts.Delivery;
using Slipway.Telemetry.Alerts.Routing;

namespace Slipway.Telemetry.Tests.Alerts;

/// <summary>An alert engine on a clock that is turned by hand, with a store in memory, pretended metrics and a receiver that writes down what it hears.</summary>
internal sealed class AlertScene : IDisposable
{
    private readonly AlertSettings _settings;

    public AlertScene(AlertSettings? settings = null)
    {
        _settings = (settings ?? new AlertSettings()) with { Dice = () => 0.5 };
        Store = ResourceStore.InMemory(Time);
        Folder = Path.Combine(Path.GetTempPath(), $"slipway-alerts-{Guid.NewGuid():n}");
        Engine = Open();
    }

    public ManualTime Time { get; } = new();

    public IResourceStore Store { get; }

    public PretendMetrics Metrics { get; } = new();

    public PretendMetrics Logs { get; } = new();

    public Ear Ear { get; } = new();

    public string Folder { get; }

    public AlertEngine Engine { get; private set; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>As after kill -9: nothing of the old engine is asked to finish.</summary>
    public async Task RestartAsync()
    {
        Engine.Dispose();
        Engine = Open();
        await Engine.LookAsync(Cancellation);
    }

    public async Task<Resource> ApplyAsync(ResourceKind kind, string name, string spec, string @namespace = "default", string annotations = "{}")
    {
        var manifest = JsonNode.Parse(
            $$"""{"apiVersion":"{{kind.ApiVersion}}","kind":"{{kind.Kind}}","metadata":{"name":"{{name}}","namespace":"{{@namespace}}","annotations":{{annotations}}},"spec":{{spec}}}""")!.AsObject();
        Defaults.Apply(kind, manifest, null);
        Assert.Empty(Validator.Check(kind, manifest, null));
        var draft = Resource.FromJson(kind, manifest);
        var created = Store.Get(draft.Key) is { } current
            ? await Store.ReplaceAsync(draft.With(draft.Metadata with { ResourceVersion = current.Metadata.ResourceVersion }), WriteOptions.Default, Cancellation)
            : await Store.CreateAsync(draft, WriteOptions.Default, Cancellation);
        Assert.True(created.Succeeded, created.Failure?.ToString());
        await Engine.LookAsync(Cancellation);
        return Store.Get(draft.Key)!;
    }

    public Task<Resource> RuleAsync(string rule, string name = "rules", string interval = "15s") =>
        ApplyAsync(Kinds.PrometheusRule, name, $$"""{"groups":[{"name":"group","interval":"{{interval}}","rules":[{{rule}}]}]}""");

    public Task<Resource> RouteAsync(string route = "", string way = """{"webhookConfigs":[{"url":"http://127.0.0.1:1/"}]}""", string rest = "") =>
        ApplyAsync(
            Kinds.AlertmanagerConfig,
            "people",
            $$"""{"route":{"receiver":"ear","groupBy":["alertname"],"groupWait":"10s","groupInterval":"1m","repeatInterval":"1h"{{route}}},"receivers":[{"name":"ear",{{way[1..^1]}}},{"name":"other","webhookConfigs":[{"url":"http://127.0.0.1:1/"}]}]{{rest}}}""");

    /// <summary>Time passes, and everything that is due happens.</summary>
    public async Task PassAsync(TimeSpan span, TimeSpan? step = null)
    {
        var until = Time.GetUtcNow() + span;
        while (Time.GetUtcNow() < until)
        {
            Time.Advance(step ?? TimeSpan.FromSeconds(5));
            Engine.EvaluateDue(Cancellation);
            Engine.Dispatch();
            await Engine.DeliverDueAsync(Cancellation);
        }
    }

    public void Dispose()
    {
        Engine.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private AlertEngine Open() => new(
        new AlertEngineParts(Store, Metrics, Logs, Metrics, Folder, Time, NullLoggerFactory.Instance) { Settings = _settings }, Ear);
}

/// <summary>A receiver that writes down what it hears, and refuses when it is told to.</summary>
internal sealed class Ear : INoticeSender
{
    public List<Notice> Heard { get; } = [];

    public int Refused { get; private set; }

    public Func<Way, Notice, SendResult?> Mood { get; set; } = (_, _) => null;

    public IEnumerable<string> Words => Heard.Select(notice => $"{notice.Receiver.Split('/')[^1]} {notice.Status} {string.Join(',', notice.Firing.Concat(notice.Resolved).Select(alert => alert.Labels["alertname"]).Distinct())}");

    public Task<SendResult> SendAsync(Way way, Notice notice, CancellationToken cancellation)
    {
        if (Mood(way, notice) is { } refusal)
        {
            Refused++;
            return Task.FromResult(refusal);
        }

        lock (Heard)
        {
            Heard.Add(notice);
        }

        return Task.FromResult(SendResult.Delivered);
    }
}
