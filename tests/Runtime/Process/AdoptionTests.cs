using System.Diagnostics;
using Slipway.Runtime.Cgroups;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Process;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Tests.Process;

/// <summary>What is left of an earlier life of slipwayd, and what becomes of it.</summary>
public sealed class AdoptionTests : IAsyncDisposable
{
    private readonly ProcessWorld _world = new();

    [Fact]
    public async Task Instances_survive_kill_9_keep_logging_and_are_adopted()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-runtime-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ED);
        using var host = StartHost("hold", folder, "a", "trap 'exit 0' TERM; echo before; while [ ! -e $HOME/go ]; do sleep 0.02; done; echo after; while :; do sleep 1000 & wait; done", "b", "exit 5");
        var lines = new List<string>();
        while (await Eventually.Done(host.StandardOutput.ReadLineAsync(default).AsTask()) is { } line && line != "holding")
        {
            lines.Add(line);
        }

        var (pid, port) = (int.Parse(lines[0].Split(' ')[2]), int.Parse(lines[0].Split(' ')[3]));
        host.Kill();
        await Eventually.Done(host.WaitForExitAsync());
        Assert.True(ProcFs.Read(pid) is { IsAlive: true });
        File.WriteAllText(Path.Combine(folder, "instances", "a", "home", "go"), "");

        await using var next = new ProcessWorld(folder: folder);
        var adopted = await next.Driver.AdoptAsync(default);

        var a = adopted.Single(state => state.Id == "a");
        Assert.Equal(InstancePhase.Running, a.Phase);
        Assert.Equal(pid, a.ProcessId);
        Assert.Equal(port, a.Address!.Port);
        Assert.Contains(KeyValuePair.Create("COLOUR", "blue"), a.Spec.Environment);
        Assert.Equal("b", (await next.EndAsync("b")).Id);
        await Eventually.True(async () => (await next.TextAsync("a")).Contains("after"), "it logs on");
        Assert.Equal(["before", "after"], await next.TextAsync("a"));
        Assert.Equal(0, (await Eventually.Done(next.Driver.ExecuteAsync("a", ["/bin/sh", "-c", "test $COLOUR = blue"], TimeSpan.FromSeconds(30), default))).Value);
        Assert.NotNull(next.Driver.Measure("a"));
        Assert.True(await next.Driver.FreezeAsync("a", default));

        await Eventually.Done(next.Driver.StopAsync("a", TimeSpan.FromSeconds(20), default));
        Assert.Equal("Completed", next.State("a").ExitReason);
        Assert.Equal(0, next.Driver.Machine.Ports.Count);
    }

    [Fact]
    public async Task The_end_of_an_adopted_instance_is_seen_without_its_code()
    {
        await _world.StartAsync(_world.Shell("a", "sleep 1000"));
        await _world.RestartAsync();
        Assert.Equal(1, _world.Driver.Machine.Ports.Count);

        // Its parent is this very test, so the driver of the second life is not the one that may ask for the code.
        _ = LibC.Kill(_world.State("a").ProcessId, LibC.SigKill);
        var ended = await _world.EndAsync("a");

        Assert.Null(ended.ExitCode);
        Assert.Equal("Error", ended.ExitReason);
        Assert.Contains("unknown", ended.ExitMessage);
    }

    [Fact]
    public async Task A_frozen_instance_runs_again_after_adoption()
    {
        await _world.StartAsync(_world.Shell("a", "while :; do :; done"));
        await _world.Driver.FreezeAsync("a", default);

        var adopted = await _world.RestartAsync();

        Assert.Equal(InstancePhase.Running, Assert.Single(adopted).Phase);
        var before = _world.Driver.Measure("a")!.CpuTime;
        await Eventually.True(() => _world.Driver.Measure("a")!.CpuTime > before, "it runs");
    }

    [Fact]
    public async Task What_ended_before_is_still_told_and_forgettable()
    {
        await _world.StartAsync(_world.Shell("a", "echo why; exit 3"));
        await _world.EndAsync("a");

        var adopted = Assert.Single(await _world.RestartAsync());

        Assert.Equal((3, "Error"), (adopted.ExitCode, adopted.ExitReason));
        Assert.EndsWith("why", adopted.ExitMessage, StringComparison.Ordinal);
        Assert.Equal(["why"], await _world.TextAsync("a"));
        await _world.Driver.ForgetAsync("a", default);
        Assert.Empty(await _world.RestartAsync());
    }

    [Fact]
    public async Task A_half_started_instance_is_killed_and_removed()
    {
        // As if we had died between the process and its record: the record names no process, the process carries our mark.
        await _world.StartAsync(_world.Shell("a", "sleep 1000"));
        var folder = _world.Driver.Machine.FolderOf("a");
        var pid = _world.State("a").ProcessId;
        folder.Write(folder.Read()! with { Pid = null });

        Assert.Empty(await _world.RestartAsync());

        Assert.False(ProcFs.Read(pid) is { IsAlive: true });
        Assert.False(Directory.Exists(folder.Path));
        Assert.Empty(_world.Driver.Machine.Groups.Existing());
        Assert.Equal(0, _world.Driver.Machine.Ports.Count);
    }

    [Fact]
    public async Task A_process_without_any_record_is_killed()
    {
        await _world.StartAsync(_world.Shell("a", "sleep 1000"));
        var pid = _world.State("a").ProcessId;
        Directory.Delete(_world.Driver.Machine.FolderOf("a").Path, recursive: true);

        Assert.Empty(await _world.RestartAsync());

        Assert.False(ProcFs.Read(pid) is { IsAlive: true });
    }

    [Fact]
    public async Task A_torn_record_is_removed_with_everything_of_its_instance()
    {
        await _world.StartAsync(_world.Shell("a", "sleep 1000"));
        var pid = _world.State("a").ProcessId;
        File.WriteAllText(Path.Combine(_world.Driver.Machine.FolderOf("a").Path, "record.json"), "{ \"Spec\": ");

        Assert.Empty(await _world.RestartAsync());

        Assert.False(ProcFs.Read(pid) is { IsAlive: true });
        Assert.Empty(Directory.GetDirectories(Path.Combine(_world.Folder, "instances")));
    }

    [Fact]
    public async Task A_pid_that_was_given_to_somebody_else_is_left_alone()
    {
        await _world.StartAsync(_world.Shell("a", "exit 0"));
        await _world.EndAsync("a");
        using var somebody = System.Diagnostics.Process.Start("/bin/sleep", "1000");
        var folder = _world.Driver.Machine.FolderOf("a");
        folder.Write(folder.Read()! with { End = null, Pid = somebody.Id, StartTime = ProcFs.Identify(somebody.Id)!.Value.StartTime - 1 });

        var adopted = Assert.Single(await _world.RestartAsync());

        Assert.Equal(InstancePhase.Exited, adopted.Phase);
        Assert.False(somebody.HasExited);
        somebody.Kill();
        await Eventually.Done(somebody.WaitForExitAsync());
    }

    [Fact]
    public async Task Records_keep_no_secrets()
    {
        var spec = _world.Shell("a", "sleep 1000") with
        {
            Environment = [KeyValuePair.Create("PASSWORD", "hunter2")],
            Files = [new MountedFile("/key", "hunter2"u8.ToArray(), 0x100)],
        };

        await _world.StartAsync(spec);

        var record = File.ReadAllText(Path.Combine(_world.Driver.Machine.FolderOf("a").Path, "record.json"));
        Assert.DoesNotContain("hunter2", record);
        Assert.DoesNotContain(Convert.ToBase64String("hunter2"u8), record);
    }

    [Fact]
    public async Task Everything_works_as_an_ordinary_user()
    {
        Assert.SkipUnless(ThreadUser.IsSupported, "Only root can become somebody else; without root all other tests say the same.");
        var folder = Directory.CreateTempSubdirectory("slipway-runtime-").FullName;
        var user = new InstanceUser(399_999, 399_999);
        OwnedTree.Create(folder, user);
        var output = Path.Combine(folder, "output");

        var launched = new Launcher(25_000).Launch(new LaunchOrder(
            new LaunchPlan(
                [ProcessWorld.DriverHost, "cycle", folder, $"{ProcessWorld.PortFirst}", "a", "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"],
                [KeyValuePair.Create("PATH", Environment.GetEnvironmentVariable("PATH")!), KeyValuePair.Create("HOME", folder)],
                "/"),
            user,
            [],
            output,
            output));
        using var watcher = new ExitWatcher();
        var exit = await Eventually.Done(watcher.WatchAsync(ProcFs.Identify(launched.Value)!.Value, ownChild: true));

        var text = await File.ReadAllTextAsync(output);
        Assert.True(exit.Code == 0, text);
        Assert.Contains("frozen True thawed True", text);
        Assert.Contains("ended a Completed", text);
        Assert.Contains("run as the user of slipwayd", text);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_tree_is_opened_again_where_a_record_says_it_is()
    {
        var tree = _world.Driver.Machine.Groups;

        var again = CgroupProbe.Open(tree.Location);

        Assert.Equal(tree.GetType(), again.GetType());
        Assert.Equal(tree.JoinFiles("a"), again.JoinFiles("a"));
        Assert.Equal((tree.CanFreeze, tree.LimitsCpu, tree.LimitsMemory), (again.CanFreeze, again.LimitsCpu, again.LimitsMemory));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static System.Diagnostics.Process StartHost(string mode, string folder, params string[] instances) =>
        System.Diagnostics.Process.Start(new ProcessStartInfo(
            ProcessWorld.DriverHost,
            [mode, folder, $"{ProcessWorld.PortFirst}", .. instances.Select(text => text.Replace("$", "$$", StringComparison.Ordinal))])
        {
            RedirectStandardOutput = true,
        })!;
}
