using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Configurations;
using Slipway.Control.Events;
using Slipway.Control.Fleet;
using Slipway.Control.Instances;
using Slipway.Control.Namespaces;
using Slipway.Control.Reconciling;
using Slipway.Control.Revisions;
using Slipway.Control.Routes;
using Slipway.Control.Services;
using Slipway.Control.Tests.Fleet.World;
using Slipway.Control.Tests.World;
using Slipway.Model.Failures;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.InMemory;
using Slipway.Store;

namespace Slipway.Simulation.Tests.World;

/// <summary>
/// The control plane from manifests to instances over a real store in memory, a simulated machine and simulated users, all
/// from one seed and one clock. Safety is looked at after every step.
/// </summary>
internal sealed class SimulatedWorld : IAsyncDisposable
{
    private static readonly Failure s_storeFailure = new(FailureKind.Unavailable, "store-unavailable", "The simulated store does not answer.");

    private readonly ResourceStore _store;
    private readonly FaultyStore _faulty;
    private readonly Users _users;
    private readonly Safety _safety;
    private ControlPlane _plane;
    private Swarm _swarm = Swarm.Calm;
    private int _suffix;
    private DateTimeOffset _nextEvents;

    private SimulatedWorld(int seed)
    {
        Dice = new Random(seed);
        Weather = Swarm.Draw(Dice);
        _store = ResourceStore.InMemory(Time);
        _faulty = new FaultyStore(_store)
        {
            Before = (_, _) => Dice.NextDouble() < _swarm.StoreFails ? s_storeFailure : null,
            After = (_, _) => Dice.NextDouble() < _swarm.StoreAnswerIsLost ? s_storeFailure : null,
        };
        Driver = new MemoryDriver(Time, spec =>
        {
            StartedIds.Add(spec.Id);
            return _swarm.Instances.Draw(Dice);
        });
        _plane = new ControlPlane(this);
        _users = new Users(this);
        _safety = new Safety(this);
    }

    public Random Dice { get; }

    public ManualTime Time { get; } = new();

    /// <summary>The faults of this seed.</summary>
    public Swarm Weather { get; }

    public Swarm Now => _swarm;

    public IResourceStore Store => _store;

    public MemoryDriver Driver { get; }

    public List<string> StartedIds { get; } = [];

    public ControlPlane Plane => _plane;

    public Users Users => _users;

    public int RequestsServed { get; private set; }

    public static SimulatedWorld FromSeed(int seed) => new(seed);

    public async Task RunForAsync(TimeSpan time, Swarm swarm, TimeSpan step)
    {
        _swarm = swarm;
        var until = Time.GetUtcNow() + time;
        while (Time.GetUtcNow() < until)
        {
            await _users.ActAsync(swarm, step);
            Time.Advance(step);
            await SettleAsync();
            _safety.Check();
        }
    }

    /// <summary>Everything in the control plane's and the data plane's memory is lost; store and instances live on.</summary>
    public async Task RestartAsync()
    {
        RequestsServed += _plane.Traffic.Served;
        _plane.Dispose();
        _plane = new ControlPlane(this);
        await SettleAsync();
    }

    public async Task SettleAsync()
    {
        var rounds = 0;
        bool moved;
        do
        {
            await _plane.Fleet.StepAsync(_plane.Life);
            moved = false;
            while (await _plane.Engine.StepAsync(count => Dice.Next(count)))
            {
                moved = true;
                Assert.True(++rounds < 50_000, "the reconcilers do not come to rest");
            }
        }
        while (moved);

        if (Time.GetUtcNow() >= _nextEvents)
        {
            _nextEvents = Time.GetUtcNow().AddSeconds(5);
            await _plane.Events.DrainAsync(default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _plane.Dispose();
        Driver.Dispose();
        await _store.DisposeAsync();
    }

    /// <summary>One life of the control plane with the data plane beside it.</summary>
    internal sealed class ControlPlane : IDisposable
    {
        private readonly CancellationTokenSource _life = new();

        public ControlPlane(SimulatedWorld world)
        {
            Traffic = new SimulatedTraffic(world.Time, Endpoints, world.Driver);
            Fleet = new FleetSupervisor(
                Plans,
                world.Driver,
                world.Driver,
                Endpoints,
                Traffic,
                Traffic,
                new FleetSettings(),
                Decisions(world.Time),
                world.Time,
                NullLoggerFactory.Instance,
                () => (++world._suffix).ToString("x6", CultureInfo.InvariantCulture));
            Traffic.WakeUp = Fleet;
            Events = new EventRecorder(world._faulty, world.Time, NullLogger<EventRecorder>.Instance);
            Engine = new Engine(
                world._faulty,
                [
                    new NamespaceReconciler(world._faulty),
                    new ServiceReconciler(world._faulty, Events, world.Time),
                    new ConfigurationReconciler(world._faulty, Events, RevisionRetentionSettings.Default, world.Time),
                    new RevisionReconciler(world._faulty, new RevisionImages(new PatientImages(new FakeImages(), world.Time)), new InstanceTemplates(world._faulty), Plans, Fleet, Events, true, world.Time),
                    new RouteReconciler(world._faulty, new FakeIngress(), new IngressSettings(), world.Time),
                    new RoutingStateReconciler(world._faulty, world.Time),
                ],
                world.Time,
                Log,
                dice: world.Dice.NextDouble);
        }

        public CancellationToken Life => _life.Token;

        public TestLog<Engine> Log { get; } = new();

        public RevisionPlans Plans { get; } = new();

        public EndpointDirectory Endpoints { get; } = new();

        public SimulatedTraffic Traffic { get; }

        public FleetSupervisor Fleet { get; }

        public EventRecorder Events { get; }

        public Engine Engine { get; }

        public void Dispose()
        {
            // What was under way dies with the process: nothing of this life may act in the next one.
            _life.Cancel();
            Traffic.Dispose();
            Fleet.Dispose();
            Engine.Dispose();
            _life.Dispose();
        }

        private static DecisionLog Decisions(TimeProvider time) => new(new DecisionLogSettings(), time, NullLoggerFactory.Instance);
    }
}
