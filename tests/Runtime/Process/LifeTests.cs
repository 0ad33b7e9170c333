using Slipway.Runtime.Instances;
using Slipway.Runtime.Process.Native;

namespace Slipway.Runtime.Tests.Process;

/// <summary>How instances of the process driver live and end.</summary>
public sealed class LifeTests : IAsyncDisposable
{
    private const string Stubborn = "trap '' TERM; echo up; while :; do sleep 1000; done";
    private readonly ProcessWorld _world = new();

    [Fact]
    public async Task Children_in_sessions_of_their_own_end_with_the_instance()
    {
        await _world.StartAsync(_world.Misbehaving("a", "fork"));
        var children = new List<int>();
        await Eventually.True(
            async () =>
            {
                children = [.. (await _world.TextAsync("a")).Where(line => line.StartsWith("child ", StringComparison.Ordinal)).Select(line => int.Parse(line[6..]))];
                return children.Count == 3 && children.All(IsAlive);
            },
            "three children live");

        await Eventually.Done(_world.Driver.StopAsync("a", TimeSpan.FromSeconds(20), default));

        Assert.DoesNotContain(children, IsAlive);
    }

    [Fact]
    public async Task What_the_main_process_leaves_behind_goes_with_it()
    {
        await _world.StartAsync(_world.Shell("a", "setsid sh -c 'echo child $$; sleep 1000' & sleep 0.3; exit 4"));

        var ended = await _world.EndAsync("a");

        Assert.Equal(4, ended.ExitCode);
        var child = (await _world.TextAsync("a")).Single(line => line.StartsWith("child ", StringComparison.Ordinal));
        Assert.False(IsAlive(int.Parse(child[6..])));
    }

    [Fact]
    public async Task PreStop_runs_before_sigterm()
    {
        var spec = _world.Shell("a", "echo $$ > $HOME/pid; trap 'echo term; exit 0' TERM; echo up; while :; do sleep 1000 & wait; done");
        await _world.StartAsync(spec with { PreStopCommand = ["/bin/sh", "-c", "echo prestop >> /proc/$(cat $HOME/pid)/fd/1"] });
        await UpAsync("a");

        await Eventually.Done(_world.Driver.StopAsync("a", TimeSpan.FromSeconds(20), default));

        Assert.Equal(["up", "prestop", "term"], await _world.TextAsync("a"));
    }

    [Fact]
    public async Task A_stop_right_after_the_start_finds_the_process_before_it_joined_anything()
    {
        for (var i = 0; i < 10; i++)
        {
            await _world.StartAsync(_world.Shell($"a{i}", "sleep 1000"));
            await Eventually.Done(_world.Driver.StopAsync($"a{i}", TimeSpan.FromSeconds(20), default));
            Assert.Equal("Completed", _world.State($"a{i}").ExitReason);
        }
    }

    [Fact]
    public async Task A_second_stop_may_shorten_the_grace()
    {
        await _world.StartAsync(_world.Shell("a", Stubborn));
        await UpAsync("a");

        var patient = _world.Driver.StopAsync("a", TimeSpan.FromHours(1), default);
        await Eventually.Done(_world.Driver.StopAsync("a", TimeSpan.Zero, default));

        await Eventually.Done(patient);
        Assert.Equal("Killed", _world.State("a").ExitReason);
    }

    [Fact]
    public async Task A_stop_that_nobody_waits_for_any_more_goes_on()
    {
        await _world.StartAsync(_world.Shell("a", Stubborn));
        await UpAsync("a");
        using var impatient = new CancellationTokenSource();

        var stop = _world.Driver.StopAsync("a", TimeSpan.FromMilliseconds(200), impatient.Token);
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stop);
        Assert.Equal(137, (await _world.EndAsync("a")).ExitCode);
    }

    [Theory]
    [InlineData("kill -SEGV $$", 139, "Error")]
    [InlineData("kill -KILL $$", 137, "Killed")]
    [InlineData("exit 42", 42, "Error")]
    public async Task The_end_is_told_as_it_was(string script, int code, string reason)
    {
        await _world.StartAsync(_world.Shell("a", $"echo last words; {script}"));

        var ended = await _world.EndAsync("a");

        Assert.Equal(code, ended.ExitCode);
        Assert.Equal(reason, ended.ExitReason);
        Assert.EndsWith("last words", ended.ExitMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frozen_instance_uses_no_cpu()
    {
        await _world.StartAsync(_world.Shell("a", "while :; do :; done"));
        await Eventually.True(() => _world.Driver.Measure("a")!.CpuTime > TimeSpan.FromMilliseconds(20), "it is busy");

        Assert.True(await _world.Driver.FreezeAsync("a", default));
        var before = _world.Driver.Measure("a")!.CpuTime;
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before, _world.Driver.Measure("a")!.CpuTime);
        Assert.True(await _world.Driver.ThawAsync("a", default));
        await Eventually.True(() => _world.Driver.Measure("a")!.CpuTime > before, "it is busy again");
    }

    [Fact]
    public async Task Commands_run_as_the_instance_with_its_variables()
    {
        await _world.StartAsync(_world.Shell("a", "id -u > $HOME/user; echo up; sleep 1000") with { Environment = [KeyValuePair.Create("COLOUR", "blue")] });
        await UpAsync("a");
        Task<Model.Failures.Outcome<int>> Run(string script, double seconds = 30) =>
            Eventually.Done(_world.Driver.ExecuteAsync("a", ["/bin/sh", "-c", script], TimeSpan.FromSeconds(seconds), default));

        Assert.Equal(0, (await Run("test \"$COLOUR\" = blue && test $(id -u) = $(cat $HOME/user)")).Value);
        Assert.Equal(7, (await Run("exit 7")).Value);
        Assert.Equal(127, (await Eventually.Done(_world.Driver.ExecuteAsync("a", ["/no/such"], TimeSpan.FromSeconds(30), default))).Value);
        Assert.Equal("command-timeout", (await Run("sleep 1000", 0.2)).Failure!.Code);
        Assert.Equal("command-empty", (await Eventually.Done(_world.Driver.ExecuteAsync("a", [], TimeSpan.FromSeconds(1), default))).Failure!.Code);
    }

    [Fact]
    public async Task Memory_beyond_the_limit_ends_the_instance()
    {
        Assert.SkipUnless(_world.Driver.Capabilities.EnforcesMemory, "No memory controller is writable here.");
        await _world.StartAsync(_world.Misbehaving("a", "leak", ("DOTNET_GCHeapHardLimit", "0x40000000")) with { MemoryLimitBytes = 96 << 20 });

        var ended = await _world.EndAsync("a");

        Assert.Equal("OOMKilled", ended.ExitReason);
        Assert.Equal(137, ended.ExitCode);
    }

    [Fact]
    public async Task Processes_beyond_the_limit_are_refused()
    {
        Assert.SkipUnless(_world.Driver.Machine.Groups.LimitsProcesses, "No pids controller is writable here.");
        await _world.StartAsync(_world.Shell("a", "i=0; while [ $i -lt 20 ]; do sleep 1000 & i=$((i + 1)); done; echo made 20") with { ProcessesMax = 5 });

        var ended = await _world.EndAsync("a");

        Assert.NotEqual(0, ended.ExitCode);
        Assert.DoesNotContain("made 20", await _world.TextAsync("a"));
    }

    [Fact]
    public async Task Limits_stand_in_the_control_group()
    {
        var groups = _world.Driver.Machine.Groups;
        Assert.SkipUnless(groups is { LimitsCpu: true, LimitsMemory: true } && groups.Location.Version == 1, "Version 1 of cpu and memory is not writable here.");
        await _world.StartAsync(_world.Shell("a", "sleep 1000") with { CpuLimit = 0.5, CpuRequest = 0.25, MemoryLimitBytes = (64 << 20) + 5 });
        string Read(string controller, string file) => File.ReadAllText(Path.Combine(groups.Location.Folders[controller], "a", file)).Trim();

        await Eventually.True(() => Read("memory", "cgroup.procs").Split('\n').Contains($"{_world.State("a").ProcessId}"), "it has joined");
        Assert.Equal("50000", Read("cpu", "cpu.cfs_quota_us"));
        Assert.Equal("100000", Read("cpu", "cpu.cfs_period_us"));
        Assert.Equal("256", Read("cpu", "cpu.shares"));
        Assert.Equal($"{64 << 20}", Read("memory", "memory.limit_in_bytes"));
    }

    [Fact]
    public async Task Fifty_lives_leave_no_descriptor_port_user_or_group_behind()
    {
        await CycleAsync("warm-up");
        var before = Directory.GetFiles("/proc/self/fd").Length;

        for (var i = 0; i < 50; i++)
        {
            await CycleAsync($"a{i}");
        }

        // The runtime opens one or the other descriptor for itself; fifty leaks would show.
        await Eventually.True(() => Directory.GetFiles("/proc/self/fd").Length < before + 25, "descriptors are closed");
        Assert.Equal(0, _world.Driver.Machine.Ports.Count);
        Assert.Equal(0, _world.Driver.Machine.Users.Count);
        Assert.Empty(_world.Driver.Machine.Groups.Existing());
        Assert.Empty(Directory.GetDirectories(Path.Combine(_world.Folder, "instances")));
    }

    [Fact]
    public void Two_drivers_never_share_a_state_folder() =>
        Assert.Throws<IOException>(() => new Slipway.Runtime.Process.ProcessDriver(new() { StateFolder = _world.Folder }, _world.Logs, TimeProvider.System));

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static bool IsAlive(int pid) => ProcFs.Read(pid) is { IsAlive: true };

    private Task UpAsync(string id) => Eventually.True(async () => (await _world.TextAsync(id)).Contains("up"), $"{id} is up");

    private async Task CycleAsync(string id)
    {
        await _world.StartAsync(_world.Shell(id, "sleep 1000"));
        await _world.Driver.FreezeAsync(id, default);
        await Eventually.Done(_world.Driver.StopAsync(id, TimeSpan.FromSeconds(20), default));
        await _world.Driver.ForgetAsync(id, default);
    }
}
