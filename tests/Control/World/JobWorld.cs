using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Events;
using Slipway.Control.Instances;
using Slipway.Control.Jobs;
using Slipway.Control.Pods;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Batch;
using Slipway.Model.Resources;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Control.Tests.World;

/// <summary>Jobs, cron jobs and pods over a real store and the memory driver, all on one thread and one clock.</summary>
internal sealed class JobWorld : IAsyncDisposable
{
    private readonly ResourceStore _inner;
    private readonly List<Engine> _engines = [];
    private JobReconciler? _jobs;

    public JobWorld(Func<InstanceSpec, InstanceFate>? fateOf = null)
    {
        _inner = ResourceStore.InMemory(Time);
        Store = new FaultyStore(_inner);
        Driver = new MemoryDriver(Time, spec =>
        {
            Started.Add(spec);
            return (fateOf ?? (_ => InstanceFate.Completes))(spec);
        });
        Events = new EventRecorder(Store, Time, NullLogger<EventRecorder>.Instance);
        Engine = NewEngine();
    }

    public ManualTime Time { get; } = new();

    public FaultyStore Store { get; }

    public MemoryDriver Driver { get; }

    public FakeImages Images { get; } = new();

    public EventRecorder Events { get; }

    public Engine Engine { get; private set; }

    public TestLog<Engine> Log { get; } = new();

    /// <summary>Every start the driver was asked for and accepted.</summary>
    public List<InstanceSpec> Started { get; } = [];

    public List<string> Drained { get; } = [];

    /// <summary>The control plane dies and comes back: new reconcilers, same store, same instances.</summary>
    public void Restart()
    {
        Engine.Dispose();
        Engine = NewEngine();
    }

    /// <summary>The control plane ends as asked to, with its last words.</summary>
    public async Task EndInOrder()
    {
        Engine.Dispose();
        await _jobs!.WithdrawRunningAsync(default);
    }

    public async Task<Resource> Create(ResourceKind kind, string json) =>
        (await Store.CreateAsync(Resource.FromJson(kind, JsonNode.Parse(json)!.AsObject()), WriteOptions.Default, default)).Value;

    public Task<Resource> CreateJob(string name, string spec = "") => Create(
        Kinds.Job,
        $"{{\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"demo\"}},\"spec\":{{{spec}{(spec.Length > 0 ? "," : "")}\"template\":{{\"spec\":{{\"containers\":[{{\"name\":\"main\",\"image\":\"registry.test/job:1\"}}],\"restartPolicy\":\"Never\"}}}}}}}}");

    public async Task Change(ResourceKind kind, string name, Action<JsonObject> change)
    {
        var json = Get(kind, name).ToJson();
        change(json);
        Assert.True((await Store.ReplaceAsync(Resource.FromJson(kind, json), WriteOptions.Default, default)).Succeeded);
    }

    public Resource Get(ResourceKind kind, string name) =>
        Store.Get(new ResourceKey(kind, "demo", name)) ?? throw new Xunit.Sdk.XunitException($"There is no {kind.Kind} {name}.");

    public bool Exists(ResourceKind kind, string name) => Store.Get(new ResourceKey(kind, "demo", name)) is not null;

    public JobStatus Status(string job) => Get(Kinds.Job, job).Read("status", KindsJson.Default.JobStatus) ?? new JobStatus();

    public string Conditions(string job) => string.Join(' ', (Status(job).Conditions ?? [])
        .Select(condition => $"{condition.Type}={condition.Status}{(condition.Reason is null ? "" : $"({condition.Reason})")}"));

    public async Task Settle()
    {
        var steps = 0;
        while (await Engine.StepAsync())
        {
            Assert.True(++steps < 20_000, "the reconcilers do not come to rest");
        }

        await Events.DrainAsync(default);
    }

    /// <summary>Moves from timer to timer, so that everything happens in its order.</summary>
    public async Task Pass(TimeSpan time)
    {
        var until = Time.GetUtcNow() + time;
        await Settle();
        while (Time.NextTimer is { } due && due <= until)
        {
            Time.Advance(due > Time.GetUtcNow() ? due - Time.GetUtcNow() : TimeSpan.Zero);
            await Settle();
        }

        Time.Advance(until - Time.GetUtcNow());
        await Settle();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
        {
            engine.Dispose();
        }

        Driver.Dispose();
        await _inner.DisposeAsync();
    }

    private Engine NewEngine()
    {
        var stops = new InstanceStops(Driver, Time, NullLogger<InstanceStops>.Instance);
        var templates = new InstanceTemplates(Store);
        _jobs = new JobReconciler(Store, Driver, new PatientImages(Images, Time), templates, stops, Events, Time);
        var engine = new Engine(
            Store,
            [
                _jobs,
                new CronJobReconciler(Store, Events, Time),
                new PodReconciler(Store, Driver, Driver, new Gate(this), stops, Time),
            ],
            Time,
            Log,
            dice: () => 0.5);
        _engines.Add(engine);
        return engine;
    }

    private sealed class Gate(JobWorld world) : ITrafficGate
    {
        public bool TryClose(string instanceId) => true;

        public Task<bool> DrainAsync(string instanceId, TimeSpan limit, CancellationToken cancellation)
        {
            world.Drained.Add(instanceId);
            return Task.FromResult(true);
        }

        public void Open(string instanceId)
        {
        }

        public int InFlight(string instanceId) => 0;

        public DateTimeOffset? LastUsedAt(string instanceId) => null;
    }
}
