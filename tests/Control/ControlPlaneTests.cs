using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Tests.World;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Control.Tests;

/// <summary>The whole control plane as the composition root makes it, over the memory driver and the real clock.</summary>
public sealed class ControlPlaneTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_service_gets_an_instance_an_endpoint_and_a_pod_and_a_restart_keeps_them()
    {
        await using var store = ResourceStore.InMemory(TimeProvider.System);
        using var driver = new MemoryDriver(TimeProvider.System);
        var endpoints = new EndpointDirectory();
        await store.CreateAsync(Parse(Kinds.Service, ControlWorld.Service("web")), WriteOptions.Default, default);

        await RunAsync(store, driver, endpoints, async () =>
        {
            await Until(store, () => Ready(store, "web"));
            Assert.Single(endpoints.Find(new RevisionKey("demo", "web-00001")).Ready);
            await Until(store, () => store.List(Kinds.Pod).Items.Count == 1);
        });

        var instance = driver.List().Single();
        Assert.Equal(InstancePhase.Running, instance.Phase);
        var next = new EndpointDirectory();
        await RunAsync(store, driver, next, () => UntilChanged(next, () => next.Find(new RevisionKey("demo", "web-00001")).Ready.Length == 1));
        Assert.Equal(instance.Id, driver.List().Single().Id);
        Assert.True(Ready(store, "web"));
    }

    private static async Task RunAsync(ResourceStore store, MemoryDriver driver, EndpointDirectory endpoints, Func<Task> scene)
    {
        var idle = new Idle();
        using var stop = new CancellationTokenSource();
        using var control = new ControlPlane(new ControlPlaneParts
        {
            Store = store,
            Driver = driver,
            Health = driver,
            Images = new FakeImages(),
            Endpoints = endpoints,
            Gate = idle,
            Load = idle,
            Ingress = new IngressSettings(),
            Time = TimeProvider.System,
            Loggers = NullLoggerFactory.Instance,
        });
        var running = control.RunAsync(stop.Token);
        try
        {
            await scene().WaitAsync(s_patience);
        }
        finally
        {
            await stop.CancelAsync();
            await running.WaitAsync(s_patience);
        }
    }

    private static bool Ready(ResourceStore store, string service) =>
        store.Get(new ResourceKey(Kinds.Service, "demo", service))!.ToJson()["status"]?["conditions"] is JsonArray conditions
        && conditions.Any(condition => condition!["type"]!.GetValue<string>() == "Ready" && condition["status"]!.GetValue<string>() == "True");

    private static async Task Until(ResourceStore store, Func<bool> condition)
    {
        using var watch = store.Watch(null, store.Version).Value;
        while (!condition())
        {
            Assert.True((await watch.NextAsync(default)).Succeeded);
        }
    }

    private static async Task UntilChanged(EndpointDirectory endpoints, Func<bool> condition)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        endpoints.Changed += _ =>
        {
            if (condition())
            {
                arrived.TrySetResult();
            }
        };
        if (!condition())
        {
            await arrived.Task;
        }
    }

    private static Resource Parse(ResourceKind kind, string json) => Resource.FromJson(kind, JsonNode.Parse(json)!.AsObject());

    private sealed class Idle : ITrafficGate, ILoadSource
    {
        public bool TryClose(string instanceId) => true;

        public Task<bool> DrainAsync(string instanceId, TimeSpan limit, CancellationToken cancellation) => Task.FromResult(true);

        public void Open(string instanceId)
        {
        }

        public int InFlight(string instanceId) => 0;

        public DateTimeOffset? LastUsedAt(string instanceId) => null;

        public IReadOnlyList<LoadReading> Read() => [];
    }
}
