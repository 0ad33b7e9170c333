using Slipway.Runtime.Images;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Logs;
using Slipway.Runtime.Process;

// A life of slipwayd reduced to its driver, for tests that kill it or run it as somebody else.
// driverhost hold|cycle STATE-FOLDER PORT-FIRST ID SCRIPT [ID SCRIPT …]
var (mode, folder, portFirst) = (args[0], args[1], int.Parse(args[2]));
await using var logs = new FileInstanceLogs(folder, TimeProvider.System);
using var driver = new ProcessDriver(new ProcessDriverOptions { StateFolder = folder, PortFirst = portFirst, PortCount = 4_000, UserFirst = 300_000 }, logs, TimeProvider.System);
await driver.AdoptAsync(default);
for (var i = 3; i + 1 < args.Length; i += 2)
{
    var spec = new InstanceSpec
    {
        Id = args[i],
        Namespace = "default",
        Owner = "hello-00001",
        OwnerUid = "uid",
        OwnerKind = "Revision",
        ContainerName = "user-container",
        Image = "registry.localhost/hello@sha256:0",
        Runnable = new RunnableImage("/", HostProcess: true, ["/bin/sh", "-c", args[i + 1]], [], [], null, null),
        Environment = [KeyValuePair.Create("COLOUR", "blue")],
    };
    var outcome = await driver.StartAsync(spec, default);
    Console.WriteLine(outcome.Succeeded ? $"started {spec.Id} {outcome.Value.ProcessId} {outcome.Value.Address!.Port}" : $"failed {outcome.Failure}");
}

if (mode == "cycle")
{
    foreach (var state in driver.List())
    {
        Console.WriteLine($"frozen {await driver.FreezeAsync(state.Id, default)} thawed {await driver.ThawAsync(state.Id, default)}");
        await driver.StopAsync(state.Id, TimeSpan.FromSeconds(20), default);
    }

    foreach (var state in driver.List())
    {
        Console.WriteLine($"ended {state.Id} {state.ExitReason} {state.ExitCode}");
    }

    Console.WriteLine($"limits {string.Join(" ", driver.Capabilities.Limits)}");
    return 0;
}

Console.WriteLine("holding");
await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
return 0;
