using Slipway.Runtime.Cgroups;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Process;
using Slipway.Runtime.Tests.Instances;

namespace Slipway.Runtime.Tests.Process;

public abstract class ProcessContract : DriverContract
{
    private readonly ProcessWorld _world;

    private protected ProcessContract(Func<string, ICgroupTree> groups) =>
        _world = new ProcessWorld(options: options => options with { FindGroups = groups });

    internal override IInstanceDriver Driver => _world.Driver;

    internal override InstanceSpec SpecOf(Program program, string id) => _world.Shell(id, program switch
    {
        Program.IgnoresSigterm => "trap '' TERM; echo up; while :; do sleep 1000; done",
        Program.ExitsWith3 => "exit 3",
        Program.Completes => "exit 0",
        _ => "trap 'exit 0' TERM; echo up; while :; do sleep 1000 & wait; done",
    });

    internal override Task PassAsync() => Task.CompletedTask;

    internal override Task SettleAsync(Program program, string id) => program is Program.Polite or Program.IgnoresSigterm
        ? Eventually.True(async () => (await _world.TextAsync(id)).Contains("up"), $"{id} is up")
        : Task.CompletedTask;

    internal override Task DisposeWorldAsync() => _world.DisposeAsync().AsTask();
}

/// <summary>With whatever this host offers.</summary>
public sealed class ProcessDriverContract() : ProcessContract(CgroupProbe.Find);

public sealed class ProcessDriverWithoutGroupsContract() : ProcessContract(static _ => new NoCgroups("the test wants none."));

/// <summary>On a host that has both versions, the second one too (freezing and killing work without controllers).</summary>
public sealed class ProcessDriverWithGroupsV2Contract() : ProcessContract(Find)
{
    private static ICgroupTree Find(string node)
    {
        Assert.SkipUnless(CgroupProbe.FindV2(CgroupMounts.Read(), node) is { CanFreeze: true }, "Control groups version 2 are not writable here.");
        return CgroupProbe.FindV2(CgroupMounts.Read(), node)!;
    }
}
