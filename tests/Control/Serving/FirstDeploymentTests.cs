using System.Text;
using Slipway.Control.Revisions;
using Slipway.Control.Tests.World;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Tests.Serving;

public sealed class FirstDeploymentTests
{
    [Fact]
    public async Task A_service_becomes_ready_with_a_configuration_a_route_and_a_revision()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();

        Assert.Equal("ConfigurationsReady=True Ready=True RoutesReady=True", world.Conditions(Kinds.Service, "web"));
        var status = world.ServiceStatus("web");
        Assert.Equal(1, status.ObservedGeneration);
        Assert.Equal("web-00001", status.LatestCreatedRevisionName);
        Assert.Equal("web-00001", status.LatestReadyRevisionName);
        Assert.Equal("http://web.demo.localhost:8080", status.Url);
        Assert.Equal("http://web.demo.svc.cluster.local", status.Address!.Url);
        Assert.Equal("web-00001:100:latest", world.Traffic("web"));
        Assert.Equal("Active=True ContainerHealthy=True Ready=True ResourcesAvailable=True", world.Conditions(Kinds.Revision, "web-00001"));
        Assert.Equal(
            "AllTrafficAssigned=True CertificateProvisioned=True(TLSNotEnabled) IngressReady=True Ready=True", world.Conditions(Kinds.Route, "web"));
    }

    [Fact]
    public async Task Children_carry_the_labels_annotations_and_owners_that_clients_rely_on()
    {
        await using var world = new ControlWorld();
        var service = await world.Apply(Kinds.Service, ControlWorld.Service(
            "web",
            annotations: """{"serving.knative.dev/creator":"ann","serving.knative.dev/lastModifier":"bob","kubectl.kubernetes.io/last-applied-configuration":"{}","serving.knative.dev/rollout-duration":"10s","note":"x"}""",
            template: """{"labels":{"client.knative.dev/nonce":"abc"},"annotations":{"autoscaling.knative.dev/min-scale":"2"}}"""));
        await world.Settle();

        var configuration = world.Get(Kinds.Configuration, "web");
        Assert.Equal("web", configuration.Metadata.Label(ServingNames.Service));
        Assert.Equal(service.Uid, configuration.Metadata.Label(ServingNames.ServiceUid));
        Assert.Equal("blue", configuration.Metadata.Label("team"));
        Assert.Equal("x", configuration.Metadata.Annotation("note"));
        Assert.Null(configuration.Metadata.Annotation(ServingNames.LastApplied));
        Assert.Null(configuration.Metadata.Annotation(ServingNames.RolloutDuration));
        Assert.Equal("web", configuration.Metadata.Annotation(ServingNames.Routes));

        var route = world.Get(Kinds.Route, "web");
        Assert.Equal("10s", route.Metadata.Annotation(ServingNames.RolloutDuration));
        Assert.Null(route.Metadata.Label(ServingNames.ServiceUid));

        var revision = world.Get(Kinds.Revision, "web-00001");
        Assert.Equal("abc", revision.Metadata.Label("client.knative.dev/nonce"));
        Assert.Null(revision.Metadata.Label("team"));
        Assert.Equal("1", revision.Metadata.Label(ServingNames.ConfigurationGeneration));
        Assert.Equal(ServingNames.RoutingActive, revision.Metadata.Label(ServingNames.RoutingState));
        Assert.Equal("web", revision.Metadata.Annotation(ServingNames.Routes));
        Assert.Equal("bob", revision.Metadata.Annotation(ServingNames.Creator));
        var owner = revision.Metadata.ControllerOwner()!;
        Assert.Equal((configuration.Uid, "Configuration", true), (owner.Uid, owner.Kind, owner.BlockOwnerDeletion));
        Assert.Equal(2, world.Plans.All.Single().Scaling.Min);
    }

    [Fact]
    public async Task Fields_nobody_has_a_type_for_reach_the_revision()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service("web", extra: ""","futureField":{"deep":[1,2]}"""));
        await world.Settle();

        Assert.Contains("\"futureField\":{\"deep\":[1,2]}", Encoding.UTF8.GetString(world.Get(Kinds.Revision, "web-00001").Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_instances_start_everything_is_unknown_and_speaks_of_the_present_generation()
    {
        await using var world = new ControlWorld { Fleet = { Automatic = false } };
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();

        Assert.Equal("ConfigurationsReady=Unknown(Deploying) Ready=Unknown(Deploying) RoutesReady=Unknown(RevisionMissing)", world.Conditions(Kinds.Service, "web"));
        Assert.Equal(1, world.ServiceStatus("web").ObservedGeneration);
        Assert.Equal("http://web.demo.localhost:8080", world.ServiceStatus("web").Url);
    }

    [Fact]
    public async Task A_first_revision_that_exits_fails_the_whole_service_and_recovers_when_a_try_succeeds()
    {
        await using var world = new ControlWorld { Fleet = { Automatic = false } };
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();
        world.Fleet.Say("web-00001", FleetPhase.Starting, reason: "ExitCode3", message: "no configuration file");
        await world.Settle();

        Assert.Equal("ConfigurationsReady=False(RevisionFailed) Ready=False(RevisionFailed) RoutesReady=False(RevisionMissing)", world.Conditions(Kinds.Service, "web"));
        Assert.Contains("no configuration file", world.ServiceStatus("web").Conditions[0].Message, StringComparison.Ordinal);

        world.Fleet.Say("web-00001", FleetPhase.Healthy);
        await world.Settle();
        Assert.Equal("ConfigurationsReady=True Ready=True RoutesReady=True", world.Conditions(Kinds.Service, "web"));
    }

    [Theory]
    [InlineData(FailureKind.NotFound, "image-not-found", "ContainerHealthy=False(ContainerMissing)")]
    [InlineData(FailureKind.Forbidden, "image-unauthorised", "ContainerHealthy=False(ContainerMissing)")]
    [InlineData(FailureKind.Unavailable, "registry-unreachable", "ResourcesAvailable=Unknown(ResolvingDigests)")]
    public async Task An_image_that_cannot_be_had_is_told_with_the_failures_own_words(FailureKind kind, string code, string expected)
    {
        await using var world = new ControlWorld();
        world.Images.Failures["registry.test/web:1"] = new Failure(kind, code, "told by the registry");
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();

        Assert.Contains(expected, world.Conditions(Kinds.Revision, "web-00001"), StringComparison.Ordinal);
        Assert.Contains(world.RevisionStatus("web-00001").Conditions, condition => condition.Message == "told by the registry");
        Assert.Empty(world.Plans.All);

        world.Images.Failures.Clear();
        await world.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("ConfigurationsReady=True Ready=True RoutesReady=True", world.Conditions(Kinds.Service, "web"));
    }

    [Fact]
    public async Task A_container_image_on_a_host_without_containers_asks_for_a_container_driver()
    {
        await using var world = new ControlWorld();
        world.Images.ContainersOnly.Add("registry.test/web");
        await world.Apply(Kinds.Service, ControlWorld.Service("web"));
        await world.Settle();

        Assert.Contains("ContainerHealthy=False(ContainerDriverNeeded)", world.Conditions(Kinds.Revision, "web-00001"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_references_are_all_named_and_the_revision_goes_on_when_they_appear()
    {
        await using var world = new ControlWorld();
        await world.Apply(Kinds.Service, ControlWorld.Service(
            "web", extra: ""","env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"keys","key":"a"}}},{"name":"B","valueFrom":{"configMapKeyRef":{"name":"settings","key":"b"}}}]"""));
        await world.Settle();

        var message = world.RevisionStatus("web-00001").Conditions.Single(condition => condition.Type == "ResourcesAvailable").Message;
        Assert.Equal("Missing in namespace \"demo\": ConfigMap \"settings\"; Secret \"keys\".", message);

        await world.Apply(Kinds.Secret, """{"metadata":{"name":"keys","namespace":"demo"},"data":{"a":"MQ=="}}""");
        await world.Apply(Kinds.ConfigMap, """{"metadata":{"name":"settings","namespace":"demo"},"data":{"b":"2"}}""");
        await world.Settle();

        Assert.Equal("ConfigurationsReady=True Ready=True RoutesReady=True", world.Conditions(Kinds.Service, "web"));
        var environment = world.Plans.All.Single().Template.Shared.Environment;
        Assert.Contains(KeyValuePair.Create("A", "1"), environment);
        Assert.Contains(KeyValuePair.Create("B", "2"), environment);
        Assert.Contains(KeyValuePair.Create("K_SERVICE", "web"), environment);
    }
}
