using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Fleet;
using Slipway.Control.Instances;
using Slipway.Control.Revisions;
using Slipway.Control.Tests.World;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.Images;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Tests.Fleet.World;

/// <summary>The real fleet over the memory driver, with a clock and traffic that do as told, on one thread.</summary>
internal sealed class FleetWorld : IDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    private readonly FleetSettings _settings;
    private int _suffix;

    public FleetWorld(Func<InstanceSpec, InstanceFate>? fateOf = null, FleetSettings? settings = null)
    {
        _settings = settings ?? new FleetSettings();
        Driver = new MemoryDriver(Time, spec =>
        {
            StartedIds.Add(spec.Id);
            return fateOf?.Invoke(spec) ?? InstanceFate.Healthy;
        });
        Traffic = new SimulatedTraffic(Time, Endpoints, Driver);
        Decisions = new DecisionLog(new DecisionLogSettings(), Time, NullLoggerFactory.Instance);
        Fleet = NewFleet();
    }

    public ManualTime Time { get; } = new();

    public MemoryDriver Driver { get; }

    public RevisionPlans Plans { get; } = new();

    public EndpointDirectory Endpoints { get; } = new();

    public SimulatedTraffic Traffic { get; }

    public DecisionLog Decisions { get; }

    public FleetSupervisor Fleet { get; private set; }

    public List<string> StartedIds { get; } = [];

    public static RevisionKey Web { get; } = new("demo", "web-00001");

    public static RevisionPlan Plan(RevisionKey key, string uid = "uid-1", params (string Name, string Value)[] annotations)
    {
        var given = annotations.ToDictionary(pair => pair.Name, pair => pair.Value);
        return new RevisionPlan
        {
            Revision = key,
            Uid = uid,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Annotations = given,
            Scaling = AutoscalingSettings.Read(given, given),
            Concurrency = 0,
            Http2 = false,
            Reachable = true,
            Proven = false,
            ProgressDeadline = TimeSpan.FromSeconds(600),
            Template = Template(key, uid),
        };
    }

    public static InstanceTemplate Template(RevisionKey key, string uid) => new(
        new InstanceSpec
        {
            Id = "",
            Namespace = key.Namespace,
            Owner = key.Name,
            OwnerUid = uid,
            OwnerKind = "Revision",
            ContainerName = "user-container",
            Image = "registry.test/web@sha256:00",
            Runnable = new RunnableImage("/images/web", true, ["/web"], [], [], null, null),
            CpuRequest = 1,
        },
        TimeSpan.FromSeconds(300),
        "1");

    public async Task Publish(RevisionPlan plan)
    {
        Plans.Publish(plan);
        await Fleet.StepAsync();
    }

    /// <summary>A new plan whose first instance has become ready.</summary>
    public async Task<string> Deploy(params (string Name, string Value)[] annotations)
    {
        await Publish(Plan(Web, "uid-1", annotations));
        await Pass(1);
        return Assert.Single(Endpoints.Find(Web).Ready).InstanceId;
    }

    public async Task Pass(double seconds, Action? each = null)
    {
        var until = Time.GetUtcNow().AddSeconds(seconds);
        while (Time.GetUtcNow() < until)
        {
            each?.Invoke();
            var rest = until - Time.GetUtcNow();
            Time.Advance(rest < s_step ? rest : s_step);
            await Fleet.StepAsync();
            Assert.Empty(Traffic.Violations);
        }
    }

    public void Request(double seconds = 0.05) => Traffic.Arrive(Web, TimeSpan.FromSeconds(seconds));

    public IEnumerable<InstanceState> Live(InstancePhase? phase = null) =>
        Driver.List().Where(state => state.Phase is not InstancePhase.Exited && (phase is null || state.Phase == phase));

    public FleetStatus Status => Fleet.Find(Web) ?? throw new Xunit.Sdk.XunitException("There is no status.");

    /// <summary>The control plane dies and begins anew; the instances live on.</summary>
    public void Restart()
    {
        Fleet.Dispose();
        Fleet = NewFleet();
    }

    public void Dispose()
    {
        Fleet.Dispose();
        Driver.Dispose();
    }

    private FleetSupervisor NewFleet()
    {
        var fleet = new FleetSupervisor(
            Plans, Driver, Driver, Endpoints, Traffic, Traffic, _settings, Decisions, Time, NullLoggerFactory.Instance,
            () => (++_suffix).ToString("x5", CultureInfo.InvariantCulture));
        Traffic.WakeUp = fleet;
        return fleet;
    }
}
