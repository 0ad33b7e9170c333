using Slipway.Control.Jobs;
using Slipway.Control.Tests.World;
using Slipway.Model;
using Slipway.Model.Batch;
using Slipway.Model.Resources;
using Slipway.Runtime.InMemory;

namespace Slipway.Control.Tests.Jobs;

public sealed class CronJobTests
{
    private static readonly InstanceFate s_long = new() { ExitsAfter = TimeSpan.FromMinutes(3) };

    [Fact]
    public async Task A_job_is_made_at_every_scheduled_time_and_old_ones_go()
    {
        await using var world = new JobWorld();
        await Create(world, "tick", "\"schedule\":\"*/5 * * * *\"");
        await world.Pass(TimeSpan.FromMinutes(31));

        Assert.Equal(6, world.Started.Count);
        var status = Status(world, "tick");
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 12, 30, 0, TimeSpan.Zero), status.LastScheduleTime);
        Assert.NotNull(status.LastSuccessfulTime);
        Assert.Null(status.Active);
        var jobs = world.Store.List(Kinds.Job).Items;
        Assert.Equal(3, jobs.Count);
        Assert.All(jobs, job => Assert.Equal(world.Get(Kinds.CronJob, "tick").Uid, job.Metadata.ControllerOwner()!.Uid));
        Assert.Equal("2030-01-01T12:30:00Z", jobs[^1].Metadata.Annotation(CronJobReconciler.ScheduledAnnotation));
        Assert.Equal("tick", world.Started[0].Environment.ToDictionary()["CLOUD_RUN_JOB"]);
    }

    [Fact]
    public async Task The_schedule_is_read_in_its_time_zone()
    {
        await using var world = new JobWorld();
        await Create(world, "vienna", "\"schedule\":\"0 15 * * *\",\"timeZone\":\"Europe/Vienna\"");
        await world.Pass(TimeSpan.FromHours(4));

        Assert.Equal(new DateTimeOffset(2030, 1, 1, 14, 0, 0, TimeSpan.Zero), Status(world, "vienna").LastScheduleTime);
        Assert.Single(world.Started);
    }

    [Fact]
    public async Task Forbid_waits_for_the_present_run_and_makes_up_for_the_latest_missed_one()
    {
        await using var world = new JobWorld(_ => s_long);
        await Create(world, "alone", "\"schedule\":\"* * * * *\",\"concurrencyPolicy\":\"Forbid\"");
        await world.Pass(TimeSpan.FromSeconds(210));
        Assert.Single(world.Started);
        await world.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(2, world.Started.Count);
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 12, 4, 0, TimeSpan.Zero), Status(world, "alone").LastScheduleTime);
    }

    [Fact]
    public async Task Replace_ends_the_present_run()
    {
        await using var world = new JobWorld(_ => s_long);
        await Create(world, "fresh", "\"schedule\":\"* * * * *\",\"concurrencyPolicy\":\"Replace\"");
        await world.Pass(TimeSpan.FromSeconds(150));

        Assert.Equal(2, world.Started.Count);
        Assert.Single(world.Store.List(Kinds.Job).Items);
        Assert.Single(world.Driver.List());
        Assert.Single(Status(world, "fresh").Active!);
    }

    [Fact]
    public async Task Allow_lets_runs_overlap()
    {
        await using var world = new JobWorld(_ => s_long);
        await Create(world, "many", "\"schedule\":\"* * * * *\"");
        await world.Pass(TimeSpan.FromSeconds(150));

        Assert.Equal(2, Status(world, "many").Active!.Count);
    }

    [Fact]
    public async Task After_a_long_pause_only_the_latest_run_is_made_up_for_and_it_is_told()
    {
        await using var world = new JobWorld();
        await Create(world, "tick", "\"schedule\":\"* * * * *\"");
        await world.Settle();
        world.Engine.Dispose();
        world.Time.Advance(TimeSpan.FromDays(3) + TimeSpan.FromSeconds(30));
        world.Restart();
        await world.Settle();

        Assert.Single(world.Started);
        Assert.Equal(new DateTimeOffset(2030, 1, 4, 12, 0, 0, TimeSpan.Zero), Status(world, "tick").LastScheduleTime);
        Assert.Contains(world.Store.List(Kinds.Event).Items, item => item.ToJson()["reason"]!.GetValue<string>() == "TooManyMissedTimes");
    }

    [Fact]
    public async Task A_run_that_is_later_than_its_starting_deadline_is_left_out()
    {
        await using var world = new JobWorld();
        await Create(world, "strict", "\"schedule\":\"0 * * * *\",\"startingDeadlineSeconds\":60");
        await world.Settle();
        world.Engine.Dispose();
        world.Time.Advance(TimeSpan.FromMinutes(70));
        world.Restart();
        await world.Settle();
        Assert.Empty(world.Started);

        await world.Pass(TimeSpan.FromHours(1));
        Assert.Single(world.Started);
    }

    [Fact]
    public async Task A_suspended_schedule_makes_no_jobs()
    {
        await using var world = new JobWorld();
        await Create(world, "off", "\"schedule\":\"* * * * *\",\"suspend\":true");
        await world.Pass(TimeSpan.FromMinutes(10));
        Assert.Empty(world.Started);
    }

    [Fact]
    public async Task A_restart_at_the_scheduled_minute_makes_no_second_job()
    {
        await using var world = new JobWorld();
        await Create(world, "tick", "\"schedule\":\"0 13 * * *\"");
        var writes = 0;
        world.Store.After = (verb, resource) => resource.Kind == Kinds.Job && verb == "create" && writes++ == 0
            ? new Model.Failures.Failure(Model.Failures.FailureKind.Unavailable, "away", "away")
            : null;
        await world.Pass(TimeSpan.FromHours(1));
        world.Restart();
        await world.Pass(TimeSpan.FromMinutes(10));

        Assert.Single(world.Started);
        Assert.Single(world.Store.List(Kinds.Job).Items);
    }

    [Fact]
    public async Task A_job_made_by_hand_counts_as_one_of_its_own()
    {
        await using var world = new JobWorld(_ => s_long);
        await Create(world, "tick", "\"schedule\":\"0 0 1 1 *\"");
        var uid = world.Get(Kinds.CronJob, "tick").Uid;
        await world.Create(
            Kinds.Job,
            """{"metadata":{"name":"manual","namespace":"demo","annotations":{"cronjob.kubernetes.io/instantiate":"manual"},"ownerReferences":[{"apiVersion":"batch/v1","kind":"CronJob","name":"tick","uid":"UID"}]},"spec":{"template":{"spec":{"containers":[{"name":"main","image":"registry.test/job:1"}]}}}}"""
                .Replace("UID", uid, StringComparison.Ordinal));
        await world.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal("manual", Status(world, "tick").Active!.Single().Name);
    }

    private static Task<Resource> Create(JobWorld world, string name, string spec) => world.Create(
        Kinds.CronJob,
        $"{{\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"demo\"}},\"spec\":{{{spec},\"jobTemplate\":{{\"spec\":{{\"template\":{{\"spec\":{{\"containers\":[{{\"name\":\"main\",\"image\":\"registry.test/job:1\"}}]}}}}}}}}}}}}");

    private static CronJobStatus Status(JobWorld world, string name) =>
        world.Get(Kinds.CronJob, name).Read("status", KindsJson.Default.CronJobStatus) ?? new CronJobStatus();
}
