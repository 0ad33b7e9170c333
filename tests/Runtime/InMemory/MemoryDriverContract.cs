using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Tests.Instances;

namespace Slipway.Runtime.Tests.InMemory;

public sealed class MemoryDriverContract : DriverContract
{
    private readonly ManualTime _time = new();
    private readonly MemoryDriver _driver;

    public MemoryDriverContract() => _driver = new MemoryDriver(_time, spec => spec.Labels["program"] switch
    {
        nameof(Program.IgnoresSigterm) => InstanceFate.Healthy with { StopsAfter = null },
        nameof(Program.ExitsWith3) => new InstanceFate { ExitsAfter = TimeSpan.FromMilliseconds(20), ExitCode = 3 },
        nameof(Program.Completes) => InstanceFate.Completes,
        _ => InstanceFate.Healthy,
    });

    internal override IInstanceDriver Driver => _driver;

    internal override InstanceSpec SpecOf(Program program, string id) =>
        Specs.Named(id) with { Labels = new Dictionary<string, string> { ["program"] = program.ToString() } };

    internal override Task PassAsync()
    {
        _time.Advance(TimeSpan.FromMilliseconds(50));
        return Task.CompletedTask;
    }

    internal override Task SettleAsync(Program program, string id) => Task.CompletedTask;

    internal override Task DisposeWorldAsync()
    {
        _driver.Dispose();
        return Task.CompletedTask;
    }
}
