using Slipway.Control.Revisions;
using Slipway.Control.Tests.World;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Tests.Serving;

public sealed class UpdateTests
{
    private const string AllReady = "ConfigurationsReady=True Ready=True RoutesReady=True";

    [Fact]
    public async Task A_new_template_makes_a_new_revision_and_traffic_follows_when_it_is_ready()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        world.Fleet.Automatic = false;
        await world.Apply(Kinds.Service, ControlWorld.Service("web", image: "registry.test/web:2"));
        await world.Settle();

        var status = world.ServiceStatus("web");
        Assert.Equal(("web-00002", "web-00001", 2L), (status.LatestCreatedRevisionName, status.LatestReadyRevisionName, status.ObservedGeneration));
        Assert.Equal("web-00001:100:latest", world.Traffic("web"));
        Assert.Equal("ConfigurationsReady=Unknown(Deploying) Ready=Unknown(Deploying) RoutesReady=True", world.Conditions(Kinds.Service, "web"));

        world.Fleet.Say("web-00002", FleetPhase.Healthy);
        await world.Settle();
        Assert.Equal("web-00002:100:latest", world.Traffic("web"));
        Assert.Equal(AllReady, world.Conditions(Kinds.Service, "web"));
        Assert.Equal("web-00001", world.Get(Kinds.Revision, "web-00001").Name);
        Assert.Equal(ServingNames.RoutingReserve, world.Get(Kinds.Revision, "web-00001").Metadata.Label(ServingNames.RoutingState));
    }

    [Fact]
    public async Task The_first_write_after_a_change_says_unknown_for_the_new_generation()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        var applied = await world.Apply(Kinds.Service, ControlWorld.Service("web", image: "registry.test/web:2"));
        Assert.Equal(2, applied.Metadata.Generation);
        Assert.Equal(1, world.ServiceStatus("web").ObservedGeneration);

        var seen = new List<string>();
        while (await world.Engine.StepAsync())
        {
            var status = world.ServiceStatus("web");
            if (status.ObservedGeneration == 2)
            {
                seen.Add(world.Conditions(Kinds.Service, "web"));
            }
        }

        Assert.Contains("Ready=Unknown(OutOfDate)", seen[0], StringComparison.Ordinal);
        Assert.Equal(AllReady, seen[^1]);
    }

    [Fact]
    public async Task A_later_revision_that_fails_leaves_the_traffic_where_it_is()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        world.Fleet.Automatic = false;
        await world.Apply(Kinds.Service, ControlWorld.Service("web", image: "registry.test/web:2"));
        await world.Settle();
        world.Fleet.Say("web-00002", FleetPhase.Failed, reason: "ProgressDeadlineExceeded", message: "nothing listens");
        await world.Settle();

        Assert.Equal("ConfigurationsReady=False(RevisionFailed) Ready=False(RevisionFailed) RoutesReady=True", world.Conditions(Kinds.Service, "web"));
        Assert.Equal("web-00001:100:latest", world.Traffic("web"));
        Assert.Contains("ResourcesAvailable=False(ProgressDeadlineExceeded)", world.Conditions(Kinds.Revision, "web-00002"), StringComparison.Ordinal);

        // The next good one goes past the failed one.
        world.Fleet.Automatic = true;
        await world.Apply(Kinds.Service, ControlWorld.Service("web", image: "registry.test/web:3"));
        await world.Settle();
        Assert.Equal("web-00003:100:latest", world.Traffic("web"));
        Assert.Equal(AllReady, world.Conditions(Kinds.Service, "web"));
    }

    [Fact]
    public async Task A_change_of_traffic_or_metadata_makes_no_revision()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        await world.Apply(Kinds.Service, ControlWorld.Service("web", annotations: """{"note":"new"}""", traffic: """[{"latestRevision":true,"percent":100,"tag":"now"}]"""));
        await world.Settle();

        Assert.False(world.Exists(Kinds.Revision, "web-00002"));
        Assert.Equal(1, world.Get(Kinds.Configuration, "web").Metadata.Generation);
        Assert.Equal("new", world.Get(Kinds.Configuration, "web").Metadata.Annotation("note"));
        Assert.Null(world.Get(Kinds.Revision, "web-00001").Metadata.Annotation("note"));
        Assert.Equal("http://now-web.demo.localhost:8080", world.ServiceStatus("web").Traffic!.Single().Url);
        Assert.Equal(AllReady, world.Conditions(Kinds.Service, "web"));
    }

    [Fact]
    public async Task Annotations_and_labels_taken_from_the_service_are_taken_from_its_children()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web", annotations: """{"note":"x"}"""));
        await world.Settle();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();

        Assert.Null(world.Get(Kinds.Route, "web").Metadata.Annotation("note"));
        Assert.Equal("web", world.Get(Kinds.Configuration, "web").Metadata.Annotation(ServingNames.Routes));
    }

    [Fact]
    public async Task A_deleted_latest_revision_is_made_again()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        var uid = world.Get(Kinds.Revision, "web-00001").Uid;
        await world.Delete(Kinds.Revision, "web-00001");
        await world.Settle();

        Assert.NotEqual(uid, world.Get(Kinds.Revision, "web-00001").Uid);
        Assert.Equal(world.Get(Kinds.Revision, "web-00001").Uid, world.Plans.All.Single().Uid);
        Assert.Equal(AllReady, world.Conditions(Kinds.Service, "web"));
    }

    [Fact]
    public async Task Traffic_to_a_revision_that_is_deleted_is_missing_until_it_is_moved()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        await world.Apply(Kinds.Service, ControlWorld.Service(
            "web", image: "registry.test/web:2", traffic: """[{"revisionName":"web-00001","latestRevision":false,"percent":50,"tag":"old"},{"latestRevision":true,"percent":50}]"""));
        await world.Settle();
        Assert.Equal("web-00001:50#old web-00002:50:latest", world.Traffic("web"));
        Assert.Equal(AllReady, world.Conditions(Kinds.Service, "web"));

        await world.Delete(Kinds.Revision, "web-00001");
        await world.Settle();
        Assert.Contains("RoutesReady=False(RevisionMissing)", world.Conditions(Kinds.Service, "web"), StringComparison.Ordinal);

        await world.Apply(Kinds.Service, ControlWorld.Service("web", image: "registry.test/web:2"));
        await world.Settle();
        Assert.Equal(AllReady, world.Conditions(Kinds.Service, "web"));
    }

    [Fact]
    public async Task A_foreign_child_of_the_same_name_is_not_touched()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Route, """{"metadata":{"name":"web","namespace":"demo"},"spec":{"traffic":[{"configurationName":"other","percent":100}]}}""");
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();

        Assert.Equal("ConfigurationsReady=True Ready=False(NotOwned) RoutesReady=False(NotOwned)", world.Conditions(Kinds.Service, "web"));
        Assert.Contains("AllTrafficAssigned=False(ConfigurationMissing)", world.Conditions(Kinds.Route, "web"), StringComparison.Ordinal);

        await world.Delete(Kinds.Route, "web");
        await world.Settle();
        Assert.Equal(AllReady, world.Conditions(Kinds.Service, "web"));
    }

    [Fact]
    public async Task A_chosen_revision_name_is_used_and_a_taken_one_is_told()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web", template: """{"name":"web-blue"}"""));
        await world.Settle();
        Assert.Equal("web-blue:100:latest", world.Traffic("web"));

        await world.Apply(Kinds.Service, ControlWorld.Service("web", image: "registry.test/web:2", template: """{"name":"web-green"}"""));
        await world.Settle();
        Assert.Equal("web-green:100:latest", world.Traffic("web"));

        // Back to a name whose revision says something else.
        await world.Apply(Kinds.Service, ControlWorld.Service("web", image: "registry.test/web:3", template: """{"name":"web-blue"}"""));
        await world.Settle();
        Assert.Equal("ConfigurationsReady=False(RevisionFailed) Ready=False(RevisionFailed) RoutesReady=False(RevisionNameTaken)", world.Conditions(Kinds.Service, "web"));
        Assert.Equal("web-green:100:latest", world.Traffic("web"));

        // Back to what that revision really is: it serves again, and no new one is made.
        await world.Apply(Kinds.Service, ControlWorld.Service("web", template: """{"name":"web-blue"}"""));
        await world.Settle();
        Assert.Equal("web-blue:100:latest", world.Traffic("web"));
        Assert.Equal(AllReady, world.Conditions(Kinds.Service, "web"));
    }

    [Fact]
    public async Task A_stopped_service_asks_the_fleet_for_nothing_until_it_is_started_again()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        await world.Apply(Kinds.Service, ControlWorld.Service("web", annotations: """{"slipway.dev/stopped":"true"}"""));
        await world.Settle();
        Assert.Equal("serviceStopped", world.Plans.All.Single().Blocked!.Code);

        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        Assert.Null(world.Plans.All.Single().Blocked);
    }

    [Fact]
    public async Task A_revision_scaled_to_zero_stays_ready()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        Assert.True(world.Plans.All.Single().Proven);
        world.Fleet.Say("web-00001", FleetPhase.Healthy, activity: FleetActivity.NoTraffic);
        await world.Settle();

        Assert.Equal("Active=False(NoTraffic) ContainerHealthy=True Ready=True ResourcesAvailable=True", world.Conditions(Kinds.Revision, "web-00001"));
        Assert.Equal(AllReady, world.Conditions(Kinds.Service, "web"));
    }

    [Fact]
    public async Task Conditions_keep_their_transition_time_as_long_as_they_say_the_same()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        var before = world.ServiceStatus("web").Conditions.Single(condition => condition.Type == "Ready").LastTransitionTime;
        await world.Pass(TimeSpan.FromHours(1));
        await world.Apply(Kinds.Service, ControlWorld.Service("web", annotations: """{"note":"y"}"""));
        await world.Settle();

        Assert.Equal(before, world.ServiceStatus("web").Conditions.Single(condition => condition.Type == "ConfigurationsReady").LastTransitionTime);
    }

    [Fact]
    public async Task Deleting_a_revision_withdraws_its_plan()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Configuration, """{"metadata":{"name":"alone","namespace":"demo"},"spec":{"template":{"spec":{"containers":[{"name":"user-container","image":"registry.test/a"}]}}}}""");
        await world.Settle();
        Assert.Single(world.Plans.All);
        Assert.Equal(ServingNames.RoutingPending, world.Get(Kinds.Revision, "alone-00001").Metadata.Label(ServingNames.RoutingState));
        Assert.False(world.Plans.All.Single().Reachable);

        await world.Delete(Kinds.Configuration, "alone");
        await world.Delete(Kinds.Revision, "alone-00001");
        await world.Settle();
        Assert.Empty(world.Plans.All);
    }
}
