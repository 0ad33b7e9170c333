using FsCheck;
using FsCheck.Fluent;
using Slipway.Control.Fleet.Planning;

namespace Slipway.Control.Tests.Fleet;

public sealed class FleetPlannerTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_missing_is_started() =>
        Assert.Equal([new FleetStep.Start(2)], FleetPlanner.Decide(Picture(3, Serving("a", age: 5))));

    [Fact]
    public void What_starts_already_counts() =>
        Assert.Empty(FleetPlanner.Decide(Picture(2, Serving("a", age: 5), At("b", InstanceStage.Starting))));

    [Fact]
    public void Frozen_ones_go_first_then_the_youngest() => Assert.Equal(
        [new FleetStep.Stop("ice", "1 wanted"), new FleetStep.Stop("young", "1 wanted")],
        FleetPlanner.Decide(Picture(1, Serving("old") with { InFlight = 1 }, Serving("young", age: 5), At("ice", InstanceStage.Frozen, age: 900))));

    [Fact]
    public void A_doubtful_revision_tries_one_at_a_time()
    {
        var doubtful = Picture(5) with { Doubtful = true };
        Assert.Equal([new FleetStep.Start(1)], FleetPlanner.Decide(doubtful));
        Assert.Empty(FleetPlanner.Decide(doubtful with { Instances = [At("a", InstanceStage.Starting)] }));
    }

    [Fact]
    public void Nothing_is_started_before_the_wait_is_over() =>
        Assert.Empty(FleetPlanner.Decide(Picture(1) with { NoStartBefore = s_noon.AddSeconds(1) }));

    [Fact]
    public void A_waiting_request_thaws_exactly_one() => Assert.Equal(
        [new FleetStep.Thaw("a")],
        FleetPlanner.Decide(Picture(2, At("a", InstanceStage.Frozen, age: 20), At("b", InstanceStage.Frozen)) with { RequestWaits = true }));

    [Fact]
    public void While_one_is_thawing_no_other_is_woken() => Assert.Empty(FleetPlanner.Decide(
        Picture(2, At("a", InstanceStage.Frozen), At("b", InstanceStage.Thawing) with { UnderWay = true }) with { RequestWaits = true }));

    [Fact]
    public void The_idle_are_frozen_but_not_the_busy_and_not_the_last_hot_one() => Assert.Equal(
        [new FleetStep.Freeze("idle")],
        FleetPlanner.Decide(Picture(3, Serving("idle"), Serving("busy") with { InFlight = 1 }, Serving("used") with { LastUsedAt = s_noon.AddSeconds(-29) })));

    [Fact]
    public void A_failing_instance_that_answers_waits_for_its_replacement()
    {
        var failing = Serving("sick") with { FailingSince = s_noon.AddSeconds(-1) };
        Assert.Equal([new FleetStep.Start(1)], FleetPlanner.Decide(Picture(1, failing)));
        Assert.Equal([new FleetStep.Stop("sick", "its probes fail")], FleetPlanner.Decide(Picture(1, failing, Serving("new", age: 1))));
        Assert.Contains(new FleetStep.Stop("sick", "its probes fail"), FleetPlanner.Decide(Picture(1, failing with { FailingSince = s_noon.AddMinutes(-1) })));
    }

    [Fact]
    public void No_plan_starts_above_what_is_wanted_or_touches_what_is_under_way() =>
        Prop.ForAll(s_pictures.ToArbitrary(), picture =>
        {
            var steps = FleetPlanner.Decide(picture);
            var counting = picture.Instances.Count(instance =>
                instance.FailingSince is null && instance.Stage is not (InstanceStage.Stopping or InstanceStage.Ended));
            var started = steps.OfType<FleetStep.Start>().Sum(step => step.Count);
            var stopped = steps.OfType<FleetStep.Stop>().Select(step => step.Id).ToList();
            var switched = steps.OfType<FleetStep.Freeze>().Select(step => step.Id).Concat(steps.OfType<FleetStep.Thaw>().Select(step => step.Id)).ToList();
            var underWay = picture.Instances.Where(instance => instance.UnderWay).Select(instance => instance.Id).ToList();
            var busy = picture.Instances.Where(instance => instance.InFlight > 0).Select(instance => instance.Id);
            return counting + started <= Math.Max(picture.Desired, counting)
                && stopped.Distinct().Count() == stopped.Count
                && !stopped.Concat(switched).Intersect(underWay).Any()
                && !switched.Intersect(stopped).Any()
                && !steps.OfType<FleetStep.Freeze>().Select(step => step.Id).Intersect(busy).Any()
                && (started == 0 || stopped.All(id => picture.Instances.First(instance => instance.Id == id).FailingSince is not null));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Following_the_plan_leaves_nothing_to_plan() =>
        Prop.ForAll(s_pictures.ToArbitrary(), picture =>
        {
            var once = Follow(picture, FleetPlanner.Decide(picture));
            return FleetPlanner.Decide(once).All(step => step is not (FleetStep.Start or FleetStep.Freeze));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static readonly Gen<RevisionPicture> s_pictures =
        from desired in Gen.Choose(0, 8)
        from busy in Gen.Choose(0, 8)
        from waits in Gen.Elements(true, false)
        from freezes in Gen.Elements(true, false)
        from doubtful in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from stages in Gen.ListOf(
            from stage in Gen.Choose(0, 6)
            from age in Gen.Choose(0, 500)
            from inFlight in Gen.Choose(0, 2)
            from failing in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
            from underWay in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
            select (Stage: (InstanceStage)stage, age, inFlight, failing, underWay))
        select new RevisionPicture
        {
            Now = s_noon,
            Desired = desired,
            Busy = Math.Min(busy, desired),
            RequestWaits = waits,
            FreezeAfter = freezes ? TimeSpan.FromSeconds(30) : null,
            Doubtful = doubtful,
            ReplacementPatience = TimeSpan.FromSeconds(30),
            Instances =
            [
                .. stages.Select((drawn, index) => At($"i{index:00}", drawn.Stage, drawn.age) with
                {
                    ServingSince = drawn.Stage == InstanceStage.Serving ? s_noon.AddSeconds(-drawn.age) : null,
                    InFlight = drawn.Stage == InstanceStage.Serving ? drawn.inFlight : 0,
                    FailingSince = drawn.failing ? s_noon.AddSeconds(-drawn.age) : null,
                    UnderWay = drawn.underWay || drawn.Stage is InstanceStage.Freezing or InstanceStage.Thawing,
                }),
            ],
        };

    private static RevisionPicture Follow(RevisionPicture picture, IReadOnlyList<FleetStep> steps)
    {
        var next = picture.Instances.ToDictionary(instance => instance.Id);
        foreach (var step in steps)
        {
            switch (step)
            {
                case FleetStep.Start(var count):
                    for (var index = 0; index < count; index++)
                    {
                        next.Add($"new{index}", At($"new{index}", InstanceStage.Starting, 0));
                    }

                    break;
                case FleetStep.Stop(var id, _):
                    next[id] = next[id] with { Stage = InstanceStage.Stopping };
                    break;
                case FleetStep.Freeze(var id):
                    next[id] = next[id] with { Stage = InstanceStage.Frozen };
                    break;
                case FleetStep.Thaw(var id):
                    next[id] = next[id] with { Stage = InstanceStage.Serving, ServingSince = s_noon };
                    break;
            }
        }

        return picture with { Instances = [.. next.Values] };
    }

    private static RevisionPicture Picture(int desired, params InstancePicture[] instances) => new()
    {
        Now = s_noon,
        Desired = desired,
        FreezeAfter = TimeSpan.FromSeconds(30),
        ReplacementPatience = TimeSpan.FromSeconds(30),
        Instances = [.. instances],
    };

    private static InstancePicture Serving(string id, int age = 600) =>
        At(id, InstanceStage.Serving, age) with { ServingSince = s_noon.AddSeconds(-age) };

    private static InstancePicture At(string id, InstanceStage stage, int age = 10) =>
        new() { Id = id, Stage = stage, CreatedAt = s_noon.AddSeconds(-age) };
}
