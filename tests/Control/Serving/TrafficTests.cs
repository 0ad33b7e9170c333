using Slipway.Control.Routes;
using Slipway.Control.Tests.World;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Tests.Serving;

public sealed class TrafficTests
{
    [Fact]
    public async Task Equal_entries_merge_and_tags_get_urls_of_their_own()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service(
            "web", traffic: """[{"latestRevision":true,"percent":40},{"latestRevision":true,"percent":40},{"latestRevision":true,"percent":20,"tag":"edge"},{"latestRevision":true,"percent":0,"tag":"shadow"}]"""));
        await world.Settle();

        Assert.Equal("web-00001:80:latest web-00001:20:latest#edge web-00001:0:latest#shadow", world.Traffic("web"));
        Assert.Equal("http://edge-web.demo.localhost:8080", world.ServiceStatus("web").Traffic![1].Url);
        Assert.Null(world.ServiceStatus("web").Traffic![0].Url);
        Assert.All(world.ServiceStatus("web").Traffic!, entry => Assert.Null(entry.ConfigurationName));
    }

    [Fact]
    public async Task A_cluster_local_service_has_only_inside_addresses()
    {
        await using var world = new ControlWorld();
        var json = ControlWorld.Service("web", traffic: """[{"latestRevision":true,"percent":100,"tag":"t"}]""")
            .Replace("\"team\":\"blue\"", "\"networking.knative.dev/visibility\":\"cluster-local\"", StringComparison.Ordinal);
        await world.Apply(Kinds.Service, json);
        await world.Settle();

        var status = world.ServiceStatus("web");
        Assert.Equal("http://web.demo.svc.cluster.local", status.Url);
        Assert.Equal("http://web.demo.svc.cluster.local", status.Address!.Url);
        Assert.Equal("http://t-web.demo.svc.cluster.local", status.Traffic!.Single().Url);
    }

    [Fact]
    public async Task The_service_is_ready_only_when_the_ingress_serves_the_new_table()
    {
        await using var world = new ControlWorld();
        world.Ingress.StopAt(0);
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        Assert.Equal("ConfigurationsReady=True Ready=Unknown(IngressNotConfigured) RoutesReady=Unknown(IngressNotConfigured)", world.Conditions(Kinds.Service, "web"));

        world.Ingress.TakeUp(world.Store.Version);
        await world.Settle();
        Assert.Equal("ConfigurationsReady=True Ready=True RoutesReady=True", world.Conditions(Kinds.Service, "web"));

        // Writing the condition made a newer version, which says nothing new to the ingress.
        await world.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("ConfigurationsReady=True Ready=True RoutesReady=True", world.Conditions(Kinds.Service, "web"));

        await world.Apply(Kinds.Service, ControlWorld.Service("web", image: "registry.test/web:2"));
        await world.Settle();
        Assert.Contains("RoutesReady=Unknown(IngressNotConfigured)", world.Conditions(Kinds.Service, "web"), StringComparison.Ordinal);
        world.Ingress.TakeUp(long.MaxValue);
        await world.Settle();
        Assert.Equal("ConfigurationsReady=True Ready=True RoutesReady=True", world.Conditions(Kinds.Service, "web"));
    }

    [Fact]
    public async Task Traffic_moves_slowly_when_a_rollout_duration_is_given()
    {
        await using var world = new ControlWorld();
        const string slow = """{"serving.knative.dev/rollout-duration":"120s"}""";
        await world.Apply(Kinds.Service, ControlWorld.Service("web", annotations: slow));
        await world.Settle();
        Assert.Equal("web-00001:100:latest", world.Traffic("web"));

        world.Ingress.StopAt(world.Store.Version);
        await world.Apply(Kinds.Service, ControlWorld.Service("web", image: "registry.test/web:2", annotations: slow));
        await world.Settle();
        Assert.Equal("web-00001:99 web-00002:1:latest", world.Traffic("web"));
        Assert.Contains("RoutesReady=Unknown(RolloutInProgress)", world.Conditions(Kinds.Service, "web"), StringComparison.Ordinal);

        // The data plane takes 30 s for the first percent, so each step takes 30 s as well.
        await world.Pass(TimeSpan.FromSeconds(30));
        world.Ingress.TakeUp(long.MaxValue);
        await world.Settle();
        var seen = new List<string>();
        for (var step = 0; step < 3; step++)
        {
            await world.Pass(TimeSpan.FromSeconds(30));
            seen.Add(world.Traffic("web"));
        }

        Assert.Equal(["web-00001:66 web-00002:34:latest", "web-00001:33 web-00002:67:latest", "web-00002:100:latest"], seen);
        Assert.Equal("ConfigurationsReady=True Ready=True RoutesReady=True", world.Conditions(Kinds.Service, "web"));
        Assert.Null(world.Get(Kinds.Route, "web").Metadata.Annotation(RouteRollouts.Annotation));
    }

    [Fact]
    public void A_final_problem_is_told_before_one_that_may_pass()
    {
        var waiting = Resource.Of(Kinds.Revision, new ObjectMeta { Name = "slow" }, "status", new RevisionStatus(), KindsJson.Default.RevisionStatus);
        var spec = new RouteSpec { Traffic = [new() { RevisionName = "slow", Percent = 50 }, new() { RevisionName = "gone", Percent = 50 }] };
        var resolution = TrafficResolver.Resolve(spec, _ => null, name => name == "slow" ? waiting : null);

        Assert.Equal((true, "RevisionMissing"), (resolution.Problem!.Final, resolution.Problem.Reason));
        Assert.Contains("\"gone\"", resolution.Problem.Message, StringComparison.Ordinal);
    }
}
