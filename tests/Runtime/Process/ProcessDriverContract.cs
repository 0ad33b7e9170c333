using Slipway.Runtime.Instances;
using Slipway.Runtime.Tests.Instances;

namespace Slipway.Runtime.Tests.Process;

public sealed class ProcessDriverContract : DriverContract
{
    private readonly ProcessWorld _world = new();

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

    public override ValueTask DisposeAsync() => _world.DisposeAsync();
}
