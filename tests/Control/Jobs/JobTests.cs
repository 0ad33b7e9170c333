using Slipway.Control.Jobs;
using Slipway.Control.Tests.World;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Control.Tests.Jobs;

public sealed class JobTests
{
    private static readonly InstanceFate s_fails = new() { ExitsAfter = TimeSpan.FromSeconds(1), ExitCode = 2 };
    private static readonly InstanceFate s_endless = new() { ExitsAfter = null };

    [Fact]
    public async Task A_job_runs_once_and_is_complete()
    {
        await using var world = new JobWorld();
        await world.CreateJob("once");
        await world.Pass(TimeSpan.FromMinutes(1));

        Assert.Single(world.Started);
        Assert.Equal("Complete=True", world.Conditions("once"));
        var status = world.Status("once");
        Assert.Equal((0, 1, 0, "0"), (status.Active, status.Succeeded, status.Failed, status.CompletedIndexes));
        Assert.NotNull(status.StartTime);
        Assert.NotNull(status.CompletionTime);
        var environment = world.Started[0].Environment.ToDictionary();
        Assert.Equal(("once", "0", "1", "0"), (environment["CLOUD_RUN_JOB"], environment["CLOUD_RUN_TASK_INDEX"], environment["CLOUD_RUN_TASK_COUNT"], environment["CLOUD_RUN_TASK_ATTEMPT"]));
        Assert.False(world.Started[0].Serves);
        Assert.Equal(world.Get(Kinds.Job, "once").Uid, world.Started[0].Labels["batch.kubernetes.io/controller-uid"]);
    }

    [Fact]
    public async Task Every_index_runs_once_and_never_more_at_once_than_allowed()
    {
        var running = 0;
        var runningMax = 0;
        await using var world = new JobWorld();
        world.Driver.Changed += instance =>
        {
            running = world.Driver.List().Count(known => known.Phase == InstancePhase.Running);
            runningMax = Math.Max(runningMax, running);
        };
        await world.CreateJob("many", "\"completions\":10,\"parallelism\":3");
        await world.Pass(TimeSpan.FromMinutes(2));

        Assert.Equal("Complete=True", world.Conditions("many"));
        Assert.Equal(Enumerable.Range(0, 10).Select(index => $"{index}"), world.Started.Select(spec => spec.Labels[JobTask.IndexLabel]).Order());
        Assert.Equal(3, runningMax);
        Assert.Equal("0-9", world.Status("many").CompletedIndexes);
        Assert.Equal(10, world.Status("many").Succeeded);
    }

    [Fact]
    public async Task A_task_that_fails_is_tried_again_after_growing_waits_until_it_succeeds()
    {
        await using var world = new JobWorld(spec => spec.Labels[JobTask.AttemptLabel] == "2" ? InstanceFate.Completes : s_fails);
        var began = world.Time.GetUtcNow();
        var starts = new List<double>();
        world.Driver.Changed += instance =>
        {
            if (instance.Phase == InstancePhase.Running)
            {
                starts.Add((world.Time.GetUtcNow() - began).TotalSeconds);
            }
        };
        await world.CreateJob("stubborn");
        await world.Pass(TimeSpan.FromMinutes(5));

        Assert.Equal([0, 11, 32], starts);
        Assert.Equal("Complete=True", world.Conditions("stubborn"));
        Assert.Equal((1, 2), (world.Status("stubborn").Succeeded, world.Status("stubborn").Failed));
    }

    [Fact]
    public async Task More_failures_than_allowed_fail_the_job_and_stop_what_still_runs()
    {
        await using var world = new JobWorld(spec => spec.Labels[JobTask.IndexLabel] == "0" ? s_fails : s_endless);
        await world.CreateJob("bad", "\"completions\":2,\"parallelism\":2,\"backoffLimit\":1");
        await world.Pass(TimeSpan.FromMinutes(10));

        Assert.Equal("Failed=True(BackoffLimitExceeded)", world.Conditions("bad"));
        Assert.Equal((0, 0, 3), (world.Status("bad").Active, world.Status("bad").Succeeded, world.Status("bad").Failed));
        Assert.Equal(3, world.Started.Count);
        Assert.All(world.Driver.List(), instance => Assert.Equal(InstancePhase.Exited, instance.Phase));
    }

    [Fact]
    public async Task A_job_over_its_deadline_is_stopped_and_failed()
    {
        await using var world = new JobWorld(_ => s_endless);
        await world.CreateJob("slow", "\"activeDeadlineSeconds\":30");
        await world.Pass(TimeSpan.FromSeconds(29));
        Assert.Equal(1, world.Status("slow").Active);
        await world.Pass(TimeSpan.FromSeconds(30));

        Assert.Equal("Failed=True(DeadlineExceeded)", world.Conditions("slow"));
        Assert.Equal(InstancePhase.Exited, world.Driver.List().Single().Phase);
    }

    [Fact]
    public async Task A_finished_job_goes_with_its_pods_when_its_time_is_over()
    {
        await using var world = new JobWorld();
        await world.CreateJob("brief", "\"ttlSecondsAfterFinished\":60");
        await world.Pass(TimeSpan.FromSeconds(30));
        Assert.Single(world.Store.List(Kinds.Pod).Items);
        await world.Pass(TimeSpan.FromMinutes(3));

        Assert.False(world.Exists(Kinds.Job, "brief"));
        Assert.Empty(world.Driver.List());
        Assert.Empty(world.Store.List(Kinds.Pod).Items);
    }

    [Fact]
    public async Task A_suspended_job_stops_without_counting_anything_and_goes_on_where_it_was()
    {
        await using var world = new JobWorld(_ => new InstanceFate { ExitsAfter = TimeSpan.FromMinutes(1) });
        await world.CreateJob("pause", "\"completions\":2");
        await world.Pass(TimeSpan.FromSeconds(90));
        Assert.Equal((1, 1), (world.Status("pause").Succeeded, world.Status("pause").Active));

        await world.Change(Kinds.Job, "pause", job => job["spec"]!["suspend"] = true);
        await world.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal("Suspended=True(JobSuspended)", world.Conditions("pause"));
        Assert.Equal((0, 1, 0), (world.Status("pause").Active, world.Status("pause").Succeeded, world.Status("pause").Failed));

        await world.Change(Kinds.Job, "pause", job => job["spec"]!["suspend"] = false);
        await world.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal("Complete=True Suspended=False(JobResumed)", world.Conditions("pause"));
        Assert.Equal((2, 0), (world.Status("pause").Succeeded, world.Status("pause").Failed));
        Assert.Equal(["0", "1", "1"], world.Started.Select(spec => spec.Labels[JobTask.IndexLabel]));
        Assert.Equal(3, world.Started.Select(spec => spec.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_restart_of_the_control_plane_repeats_no_task_that_runs_or_is_done()
    {
        await using var world = new JobWorld(_ => new InstanceFate { ExitsAfter = TimeSpan.FromSeconds(10) });
        await world.CreateJob("steady", "\"completions\":6,\"parallelism\":2");
        for (var life = 0; life < 12; life++)
        {
            await world.Pass(TimeSpan.FromSeconds(3));
            world.Restart();
        }

        await world.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal("Complete=True", world.Conditions("steady"));
        Assert.Equal(6, world.Started.Count);
        Assert.Equal((6, 0), (world.Status("steady").Succeeded, world.Status("steady").Failed));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Counts_are_exact_although_writes_fail_and_the_control_plane_dies_in_between(int seed)
    {
        var dice = new Random(seed);
        await using var world = new JobWorld(spec => int.Parse(spec.Labels[JobTask.AttemptLabel], System.Globalization.CultureInfo.InvariantCulture) < int.Parse(spec.Labels[JobTask.IndexLabel], System.Globalization.CultureInfo.InvariantCulture) % 3
            ? s_fails with { ExitsAfter = TimeSpan.FromSeconds(dice.Next(1, 20)) }
            : InstanceFate.Completes with { ExitsAfter = TimeSpan.FromSeconds(dice.Next(1, 20)) });
        await world.CreateJob("exact", "\"completions\":9,\"parallelism\":3,\"backoffLimit\":100");
        var away = new Failure(FailureKind.Unavailable, "away", "away");
        world.Store.Before = (_, _) => dice.NextDouble() < 0.2 ? away : null;
        world.Store.After = (_, _) => dice.NextDouble() < 0.2 ? away : null;
        for (var life = 0; life < 10; life++)
        {
            await world.Pass(TimeSpan.FromSeconds(dice.Next(1, 60)));
            world.Restart();
        }

        world.Store.Before = (_, _) => null;
        world.Store.After = (_, _) => null;
        await world.Pass(TimeSpan.FromMinutes(40));

        // Indexes 0 to 8 fail 0, 1, 2, 0, 1, 2 … times before they succeed.
        Assert.Equal("Complete=True", world.Conditions("exact"));
        Assert.Equal((9, 9), (world.Status("exact").Succeeded, world.Status("exact").Failed));
        Assert.Equal(18, world.Started.Count);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task A_task_cut_short_by_an_orderly_stop_runs_again_and_one_that_survives_it_does_not(bool stopped, int starts)
    {
        await using var world = new JobWorld(_ => new InstanceFate { ExitsAfter = TimeSpan.FromMinutes(1) });
        await world.CreateJob("night");
        await world.Pass(TimeSpan.FromSeconds(10));
        await world.EndInOrder();
        if (stopped)
        {
            // It takes SIGTERM well and ends with 0, which is not the end of its work.
            var stop = world.Driver.StopAsync(world.Started[0].Id, TimeSpan.FromSeconds(10), default);
            world.Time.Advance(TimeSpan.FromSeconds(10));
            await stop;
        }

        world.Restart();
        await world.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal("Complete=True", world.Conditions("night"));
        Assert.Equal(starts, world.Started.Count);
        Assert.Equal((1, 0), (world.Status("night").Succeeded, world.Status("night").Failed));
    }

    [Fact]
    public async Task A_deleted_job_takes_its_running_tasks_along()
    {
        await using var world = new JobWorld(_ => s_endless);
        await world.CreateJob("gone", "\"completions\":2,\"parallelism\":2");
        await world.Pass(TimeSpan.FromSeconds(5));
        await world.Store.DeleteAsync(new ResourceKey(Kinds.Job, "demo", "gone"), DeleteOptions.Default, default);
        await world.Pass(TimeSpan.FromMinutes(2));

        Assert.Empty(world.Driver.List());
        Assert.Empty(world.Store.List(Kinds.Pod).Items);
    }

    [Fact]
    public async Task A_job_that_went_while_nobody_watched_leaves_nothing_running()
    {
        await using var world = new JobWorld(_ => s_endless);
        await world.CreateJob("gone");
        await world.Pass(TimeSpan.FromSeconds(5));
        world.Engine.Dispose();
        await world.Store.DeleteAsync(new ResourceKey(Kinds.Job, "demo", "gone"), DeleteOptions.Default, default);
        world.Restart();
        await world.Pass(TimeSpan.FromMinutes(2));

        Assert.Empty(world.Driver.List());
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_told_as_an_event_and_tried_again()
    {
        await using var world = new JobWorld();
        world.Images.Failures["registry.test/job:1"] = new Failure(FailureKind.NotFound, "image-not-found", "no such tag");
        await world.CreateJob("lost");
        await world.Pass(TimeSpan.FromSeconds(5));
        Assert.Contains(world.Store.List(Kinds.Event).Items, item => item.ToJson()["message"]!.GetValue<string>() == "no such tag");

        world.Images.Failures.Clear();
        await world.Pass(TimeSpan.FromMinutes(3));
        Assert.Equal("Complete=True", world.Conditions("lost"));
    }

    [Fact]
    public async Task A_pool_without_a_fixed_count_ends_when_one_worker_says_the_work_is_done()
    {
        await using var world = new JobWorld(spec => new InstanceFate { ExitsAfter = TimeSpan.FromSeconds(spec.Labels[JobTask.IndexLabel] == "1" ? 5 : 20) });
        await world.CreateJob("pool", "\"parallelism\":3");
        await world.Pass(TimeSpan.FromMinutes(2));

        Assert.Equal("Complete=True", world.Conditions("pool"));
        Assert.Equal(3, world.Started.Count);
    }

    [Fact]
    public async Task Fewer_at_once_withdraws_the_highest_indexes_without_counting_them()
    {
        await using var world = new JobWorld(_ => new InstanceFate { ExitsAfter = TimeSpan.FromMinutes(1) });
        await world.CreateJob("shrink", "\"completions\":3,\"parallelism\":3");
        await world.Pass(TimeSpan.FromSeconds(10));
        await world.Change(Kinds.Job, "shrink", job => job["spec"]!["parallelism"] = 1);
        await world.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal((1, 0, 0), (world.Status("shrink").Active, world.Status("shrink").Succeeded, world.Status("shrink").Failed));

        await world.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal("Complete=True", world.Conditions("shrink"));
        Assert.Equal((3, 0), (world.Status("shrink").Succeeded, world.Status("shrink").Failed));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("3", "3")]
    [InlineData("0-4,7", "0-4,7")]
    [InlineData("1,2,3,5", "1-3,5")]
    public void Indexes_are_written_as_ranges(string text, string written) =>
        Assert.Equal(written, CompletedIndexes.Format(CompletedIndexes.Parse(text)) ?? "");
}
