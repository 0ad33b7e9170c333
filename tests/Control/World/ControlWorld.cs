using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Configurations;
using Slipway.Control.Events;
using Slipway.Control.Instances;
using Slipway.Control.Namespaces;
using Slipway.Control.Reconciling;
using Slipway.Control.Revisions;
using Slipway.Control.Routes;
using Slipway.Control.Services;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Store;

namespace Slipway.Control.Tests.World;

/// <summary>The serving reconcilers over a real store, on one thread, with a clock, a fleet and a registry that do as told.</summary>
internal sealed class ControlWorld : IAsyncDisposable
{
    private readonly ResourceStore _inner;

    public ControlWorld(RevisionRetentionSettings? retention = null, Func<double>? dice = null)
    {
        _inner = ResourceStore.InMemory(Time);
        Store = new FaultyStore(_inner);
        Fleet = new FakeFleet(Plans);
        Events = new EventRecorder(Store, Time, NullLogger<EventRecorder>.Instance);
        Engine = NewEngine(Plans, Fleet, retention, dice);
    }

    public TestLog<Engine> Log { get; } = new();

    public ManualTime Time { get; } = new();

    public FaultyStore Store { get; }

    public RevisionPlans Plans { get; } = new();

    public FakeFleet Fleet { get; }

    public FakeImages Images { get; } = new();

    public FakeIngress Ingress { get; } = new();

    public EventRecorder Events { get; }

    public Engine Engine { get; }

    public static string Service(
        string name,
        string image = "registry.test/web:1",
        string traffic = """[{"latestRevision":true,"percent":100}]""",
        string annotations = "{}",
        string extra = "",
        string template = "{}")
    {
        var container = $"{{\"name\":\"user-container\",\"image\":\"{image}\"{extra}}}";
        var spec = $"{{\"containerConcurrency\":0,\"timeoutSeconds\":300,\"containers\":[{container}]}}";
        var metadata = $"{{\"name\":\"{name}\",\"namespace\":\"demo\",\"annotations\":{annotations},\"labels\":{{\"team\":\"blue\"}}}}";
        return $"{{\"metadata\":{metadata},\"spec\":{{\"template\":{{\"metadata\":{template},\"spec\":{spec}}},\"traffic\":{traffic}}}}}";
    }

    public async Task<Resource> Apply(ResourceKind kind, string json)
    {
        var manifest = JsonNode.Parse(json)!.AsObject();
        var draft = Resource.FromJson(kind, manifest);
        var existing = Store.Get(draft.Key);
        if (existing is null)
        {
            return (await Store.CreateAsync(draft, WriteOptions.Default, default)).Value;
        }

        var next = existing.With(existing.Metadata with { Labels = draft.Metadata.Labels, Annotations = draft.Metadata.Annotations });
        foreach (var (field, value) in manifest.Where(pair => pair.Key is not ("metadata" or "apiVersion" or "kind")))
        {
            next = next.WithRaw(field, System.Text.Encoding.UTF8.GetBytes(value!.ToJsonString()));
        }

        return (await Store.ReplaceAsync(next, WriteOptions.Default, default)).Value;
    }

    /// <summary>What a restart makes: new reconcilers and new plans over the same store.</summary>
    public Engine Restart(bool fleetAnswers)
    {
        PlansOfNextLife = new RevisionPlans();
        return NewEngine(PlansOfNextLife, new FakeFleet(PlansOfNextLife) { Automatic = fleetAnswers }, null, null);
    }

    public RevisionPlans? PlansOfNextLife { get; private set; }

    /// <summary>Steps until nothing is due now; returns how many looks that took.</summary>
    public async Task<int> Settle(Func<int, int>? pick = null)
    {
        var steps = 0;
        while (await Engine.StepAsync(pick))
        {
            Assert.True(++steps < 20_000, "the reconcilers do not come to rest");
        }

        await Events.DrainAsync(default);
        return steps;
    }

    /// <summary>Moves the clock through every delayed look until that much time has passed.</summary>
    public async Task Pass(TimeSpan time)
    {
        var until = Time.GetUtcNow() + time;
        await Settle();
        while (Engine.NextDue is { } due && due <= until)
        {
            Time.Advance(due > Time.GetUtcNow() ? due - Time.GetUtcNow() : TimeSpan.Zero);
            await Settle();
        }

        Time.Advance(until - Time.GetUtcNow());
        await Settle();
    }

    public Resource Get(ResourceKind kind, string name) =>
        Store.Get(new ResourceKey(kind, "demo", name)) ?? throw new Xunit.Sdk.XunitException($"There is no {kind.Kind} {name}.");

    public bool Exists(ResourceKind kind, string name) => Store.Get(new ResourceKey(kind, "demo", name)) is not null;

    public Task Delete(ResourceKind kind, string name) =>
        Store.DeleteAsync(new ResourceKey(kind, "demo", name), DeleteOptions.Default, default);

    public ServiceStatus ServiceStatus(string name) => Get(Kinds.Service, name).Read("status", KindsJson.Default.ServiceStatus)!;

    public RouteStatus RouteStatus(string name) => Get(Kinds.Route, name).Read("status", KindsJson.Default.RouteStatus)!;

    public ConfigurationStatus ConfigurationStatus(string name) =>
        Get(Kinds.Configuration, name).Read("status", KindsJson.Default.ConfigurationStatus)!;

    public RevisionStatus RevisionStatus(string name) => Get(Kinds.Revision, name).Read("status", KindsJson.Default.RevisionStatus)!;

    /// <summary>The conditions as text: <c>Ready=True</c>, <c>RoutesReady=False(RevisionMissing)</c>.</summary>
    public string Conditions(ResourceKind kind, string name) =>
        string.Join(' ', (Get(kind, name).Read("status", KindsJson.Default.RouteStatus)?.Conditions ?? [])
            .Select(condition => $"{condition.Type}={condition.Status}{(condition.Reason is null ? "" : $"({condition.Reason})")}"));

    public string Traffic(string service) => string.Join(' ', (ServiceStatus(service).Traffic ?? [])
        .Select(entry => $"{entry.RevisionName}:{entry.Percent}{(entry.LatestRevision == true ? ":latest" : "")}{(entry.Tag is null ? "" : $"#{entry.Tag}")}"));

    private Engine NewEngine(RevisionPlans plans, FakeFleet fleet, RevisionRetentionSettings? retention, Func<double>? dice) => new(
        Store,
        [
            new NamespaceReconciler(Store),
            new ServiceReconciler(Store, Events, Time),
            new ConfigurationReconciler(Store, Events, retention ?? RevisionRetentionSettings.Default, Time),
            new RevisionReconciler(Store, new RevisionImages(new PatientImages(Images, Time)), new InstanceTemplates(Store), plans, fleet, Events, true, Time),
            new RouteReconciler(Store, Ingress, new IngressSettings(), Time),
            new RoutingStateReconciler(Store, Time),
        ],
        Time,
        Log,
        dice: dice ?? (() => 0.5));

    public async ValueTask DisposeAsync()
    {
        Engine.Dispose();
        await _inner.DisposeAsync();
    }
}
