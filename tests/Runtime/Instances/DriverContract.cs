using Slipway.Model.Failures;
using Slipway.Runtime.Instances;

namespace Slipway.Runtime.Tests.Instances;

public enum Program
{
    /// <summary>Runs until SIGTERM, then ends with 0.</summary>
    Polite,
    IgnoresSigterm,
    ExitsWith3,
    Completes,
}

/// <summary>What every driver promises. A driver's own class says how programs are made and how time passes.</summary>
public abstract class DriverContract : IAsyncDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(60);

    internal abstract IInstanceDriver Driver { get; }

    internal abstract InstanceSpec SpecOf(Program program, string id);

    /// <summary>Lets some time pass in the driver's world.</summary>
    internal abstract Task PassAsync();

    /// <summary>Waits until the program has come so far that it obeys or ignores signals as it intends.</summary>
    internal abstract Task SettleAsync(Program program, string id);

    internal abstract Task DisposeWorldAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await DisposeWorldAsync();
    }

    [Fact]
    public async Task A_started_instance_runs_and_has_an_address()
    {
        var state = await StartAsync(Program.Polite, "a");

        Assert.Equal(InstancePhase.Running, state.Phase);
        Assert.NotNull(state.Address);
        Assert.True(state.ProcessId > 0);
        Assert.Equal("a", Assert.Single(Driver.List()).Id);
        Assert.NotNull(Driver.Measure("a"));
    }

    [Fact]
    public async Task A_job_has_no_address_and_completes()
    {
        var started = await Driver.StartAsync(SpecOf(Program.Completes, "job") with { Serves = false, OwnerKind = "Job" }, default);

        Assert.Null(started.Value.Address);
        var ended = await EndAsync("job");
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("Completed", ended.ExitReason);
        Assert.NotNull(ended.ExitedAt);
    }

    [Fact]
    public async Task Two_instances_have_different_addresses()
    {
        var first = await StartAsync(Program.Polite, "a");
        var second = await StartAsync(Program.Polite, "b");

        Assert.NotEqual(first.Address, second.Address);
        Assert.NotEqual(first.ProcessId, second.ProcessId);
    }

    [Fact]
    public async Task An_id_is_used_once()
    {
        await StartAsync(Program.Polite, "a");

        var again = await Driver.StartAsync(SpecOf(Program.Polite, "a"), default);

        Assert.Equal(FailureKind.AlreadyExists, again.Failure!.Kind);
        Assert.Equal(InstancePhase.Running, Assert.Single(Driver.List()).Phase);
    }

    [Fact]
    public async Task A_stopped_instance_has_ended_when_the_stop_completes()
    {
        await StartAsync(Program.Polite, "a");

        await Finish(Driver.StopAsync("a", s_grace, default));

        var state = Assert.Single(Driver.List());
        Assert.Equal(InstancePhase.Exited, state.Phase);
        Assert.Equal(0, state.ExitCode);
        Assert.Equal("Completed", state.ExitReason);
        Assert.Null(Driver.Measure("a"));
    }

    [Fact]
    public async Task Stopping_again_or_at_the_same_time_is_harmless()
    {
        await StartAsync(Program.Polite, "a");

        await Finish(Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Driver.StopAsync("a", s_grace, default))));
        await Finish(Driver.StopAsync("a", s_grace, default));
        await Finish(Driver.StopAsync("nobody", s_grace, default));

        Assert.Equal(InstancePhase.Exited, Assert.Single(Driver.List()).Phase);
    }

    [Fact]
    public async Task An_instance_that_ignores_sigterm_is_killed_after_its_grace()
    {
        await StartAsync(Program.IgnoresSigterm, "a");

        await Finish(Driver.StopAsync("a", TimeSpan.FromMilliseconds(300), default));

        var state = Assert.Single(Driver.List());
        Assert.Equal(137, state.ExitCode);
        Assert.Equal("Killed", state.ExitReason);
    }

    [Fact]
    public async Task A_crash_is_reported_with_its_code()
    {
        var news = new List<InstancePhase>();
        Driver.Changed += state => news.Add(state.Phase);
        await StartAsync(Program.ExitsWith3, "a");

        var ended = await EndAsync("a");

        Assert.Equal(3, ended.ExitCode);
        Assert.Equal("Error", ended.ExitReason);
        Assert.Equal([InstancePhase.Running, InstancePhase.Exited], news);
    }

    [Fact]
    public async Task Freezing_and_thawing_are_states_and_repeatable()
    {
        await StartAsync(Program.Polite, "a");

        Assert.True(await Driver.FreezeAsync("a", default));
        Assert.True(await Driver.FreezeAsync("a", default));
        Assert.Equal(InstancePhase.Frozen, Assert.Single(Driver.List()).Phase);

        Assert.True(await Driver.ThawAsync("a", default));
        Assert.True(await Driver.ThawAsync("a", default));
        Assert.Equal(InstancePhase.Running, Assert.Single(Driver.List()).Phase);
        Assert.False(await Driver.FreezeAsync("nobody", default));
        Assert.False(await Driver.ThawAsync("nobody", default));
    }

    [Fact]
    public async Task A_frozen_instance_is_thawed_to_be_stopped()
    {
        await StartAsync(Program.Polite, "a");
        await Driver.FreezeAsync("a", default);

        await Finish(Driver.StopAsync("a", s_grace, default));

        Assert.Equal("Completed", Assert.Single(Driver.List()).ExitReason);
        Assert.False(await Driver.FreezeAsync("a", default));
        Assert.False(await Driver.ThawAsync("a", default));
    }

    [Fact]
    public async Task Only_what_has_ended_is_forgotten()
    {
        await StartAsync(Program.Polite, "a");
        await Driver.ForgetAsync("a", default);
        Assert.Single(Driver.List());

        await Finish(Driver.StopAsync("a", s_grace, default));
        await Driver.ForgetAsync("a", default);
        await Driver.ForgetAsync("a", default);

        Assert.Empty(Driver.List());
        Assert.Equal(InstancePhase.Running, (await StartAsync(Program.Polite, "a")).Phase);
    }

    [Fact]
    public async Task Commands_run_beside_a_live_instance_only()
    {
        await StartAsync(Program.Polite, "a");

        var ran = await Finish(Driver.ExecuteAsync("a", ["/bin/true"], TimeSpan.FromSeconds(30), default));
        var nobody = await Finish(Driver.ExecuteAsync("nobody", ["/bin/true"], TimeSpan.FromSeconds(30), default));

        Assert.Equal(0, ran.Value);
        Assert.Equal("instance-not-running", nobody.Failure!.Code);
    }

    [Fact]
    public async Task Files_are_written_for_live_instances_only()
    {
        var file = new MountedFile("/var/run/token", "second"u8.ToArray(), 0x100);
        var started = await Driver.StartAsync(SpecOf(Program.Polite, "a") with { Files = [file with { Content = "first"u8.ToArray() }] }, default);
        Assert.True(started.Succeeded, started.Failure?.ToString());
        await SettleAsync(Program.Polite, "a");

        Assert.True(await Driver.WriteFileAsync("a", file, default));
        Assert.True(await Driver.WriteFileAsync("a", file, default));
        Assert.True(await Driver.WriteFileAsync("a", file with { Path = "/new/file" }, default));
        await Driver.FreezeAsync("a", default);
        Assert.True(await Driver.WriteFileAsync("a", file, default));
        Assert.False(await Driver.WriteFileAsync("nobody", file, default));

        await Finish(Driver.StopAsync("a", s_grace, default));
        Assert.False(await Driver.WriteFileAsync("a", file, default));
    }

    [Fact]
    public async Task The_cpu_boost_of_a_live_instance_is_ended_and_repeatable()
    {
        var started = await Driver.StartAsync(SpecOf(Program.Polite, "a") with { CpuLimit = 0.5, CpuBoostLimit = 2 }, default);
        Assert.True(started.Succeeded, started.Failure?.ToString());
        await SettleAsync(Program.Polite, "a");
        await StartAsync(Program.Polite, "plain");

        Assert.True(await Driver.EndCpuBoostAsync("a", default));
        Assert.True(await Driver.EndCpuBoostAsync("a", default));
        Assert.True(await Driver.EndCpuBoostAsync("plain", default));
        Assert.False(await Driver.EndCpuBoostAsync("nobody", default));

        await Finish(Driver.StopAsync("a", s_grace, default));
        Assert.False(await Driver.EndCpuBoostAsync("a", default));
    }

    [Fact]
    public async Task News_come_in_the_order_of_events()
    {
        var news = new List<InstancePhase>();
        Driver.Changed += state => news.Add(state.Phase);

        await StartAsync(Program.Polite, "a");
        await Driver.FreezeAsync("a", default);
        await Driver.ThawAsync("a", default);
        await Finish(Driver.StopAsync("a", s_grace, default));

        Assert.Equal([InstancePhase.Running, InstancePhase.Frozen, InstancePhase.Running, InstancePhase.Stopping, InstancePhase.Exited], news);
    }

    internal async Task<InstanceState> StartAsync(Program program, string id)
    {
        var outcome = await Driver.StartAsync(SpecOf(program, id), default);
        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
        await SettleAsync(program, id);
        return outcome.Value;
    }

    internal async Task<InstanceState> EndAsync(string id)
    {
        InstanceState? State() => Driver.List().SingleOrDefault(state => state.Id == id && state.Phase == InstancePhase.Exited);
        await Eventually.True(
            async () =>
            {
                await PassAsync();
                return State() is not null;
            },
            $"{id} ends");
        return State()!;
    }

    internal async Task Finish(Task task)
    {
        await Eventually.True(
            async () =>
            {
                await PassAsync();
                return task.IsCompleted;
            },
            "the call completes");
        await task;
    }

    internal async Task<T> Finish<T>(Task<T> task)
    {
        await Finish((Task)task);
        return await task;
    }
}
