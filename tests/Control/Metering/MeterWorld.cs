using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Metering;
using Slipway.Control.Tests.World;
using Slipway.Model.Serving;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Tests.Metering;

/// <summary>Instances whose counters a test sets, a data plane whose counters it sets, and a meter over a real database.</summary>
internal sealed class MeterWorld : IDisposable
{
    private readonly MeterSettings _settings;
    private readonly MeterDatabase _database;

    public MeterWorld(MeterDatabase database, MeterSettings? settings = null)
    {
        _database = database;
        _settings = settings ?? new MeterSettings();
        Driver = new MemoryDriver(Time);
        Meter = NewMeter();
        Ledger = new UsageLedger(database.Source, _settings, TimeProvider.System);
    }

    public ManualTime Time { get; } = new();

    public MemoryDriver Driver { get; }

    public SetTraffic Traffic { get; } = new();

    public UsageMeter Meter { get; private set; }

    public UsageLedger Ledger { get; }

    public async Task StartAsync(string id, string service = "shop")
    {
        var started = await Driver.StartAsync(
            new InstanceSpec
            {
                Id = id,
                Namespace = "default",
                Owner = $"{service}-00001",
                OwnerUid = $"{service}-revision-uid",
                OwnerKind = "Revision",
                ContainerName = "user-container",
                Image = "example.test/app@sha256:0",
                Runnable = new RunnableImage("/", true, ["app"], [], [], null, null),
                Labels = new Dictionary<string, string> { [ServingNames.Service] = service, [ServingNames.ServiceUid] = $"{service}-uid" },
            },
            CancellationToken.None);
        Assert.True(started.Succeeded);
        Use(id, 0, 0);
    }

    /// <summary>What the kernel says of an instance from now on.</summary>
    public void Use(string id, double cpuSeconds, long memoryMebibytes, long diskBytes = 0) =>
        Driver.SetUsage(id, new InstanceUsage(TimeSpan.FromSeconds(cpuSeconds), memoryMebibytes << 20, 1, diskBytes));

    /// <summary>Time passes, then the meter measures.</summary>
    public async Task RoundAsync(double seconds = 10)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        await Meter.RoundAsync(CancellationToken.None);
    }

    /// <summary>The control plane ends without a word and comes back; instances go on, the data plane begins to count anew.</summary>
    public void CrashAndComeBack()
    {
        Meter.Dispose();
        Traffic.Restart();
        Meter = NewMeter();
    }

    public async Task<IReadOnlyList<UsageRow>> RowsAsync(UsageQuery? query = null) =>
        (await Ledger.QueryAsync(query ?? new UsageQuery { Limit = 10_000 }, CancellationToken.None)).Value;

    public void Dispose()
    {
        Meter.Dispose();
        Driver.Dispose();
    }

    private UsageMeter NewMeter() => new(Driver, Traffic, _database.Source, _settings, Time, NullLoggerFactory.Instance);
}

internal sealed class SetTraffic : ITrafficCounters
{
    private int _starts = 1;

    public string Epoch => $"start-{_starts}";

    public Dictionary<string, InstanceCounters> OfInstances { get; } = [];

    public Dictionary<string, ServiceCounters> OfServices { get; } = [];

    public void Count(string instance, long requests, long egressBytes) => OfInstances[instance] = new InstanceCounters(instance, requests, egressBytes);

    public void CountService(string service, long requests, long errors, double latency, int inFlight = 0) =>
        OfServices[service] = new ServiceCounters("default", service, requests, errors, latency, inFlight);

    public void Restart()
    {
        _starts++;
        OfInstances.Clear();
        OfServices.Clear();
    }

    public IReadOnlyList<InstanceCounters> Instances() => [.. OfInstances.Values];

    public IReadOnlyList<ServiceCounters> Services() => [.. OfServices.Values];
}
