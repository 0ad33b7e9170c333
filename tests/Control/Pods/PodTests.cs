using Slipway.Control.Tests.World;
using Slipway.Model;
using Slipway.Model.Core;
using Slipway.Model.Resources;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Control.Tests.Pods;

public sealed class PodTests
{
    [Fact]
    public async Task A_pod_follows_its_instance_from_start_to_end()
    {
        await using var world = new JobWorld(_ => new InstanceFate { ExitsAfter = TimeSpan.FromMinutes(1), ExitCode = 7 });
        var job = await world.CreateJob("work", "\"backoffLimit\":0");
        await world.Pass(TimeSpan.FromSeconds(5));

        var pod = world.Store.List(Kinds.Pod).Items.Single();
        Assert.Equal(("Running", true), (Status(pod).Phase, Status(pod).ContainerStatuses!.Single().Ready));
        Assert.Equal(("Job", job.Uid, true), (pod.Metadata.ControllerOwner()!.Kind, pod.Metadata.ControllerOwner()!.Uid, pod.Metadata.ControllerOwner()!.Controller));
        Assert.Equal("work", pod.Metadata.Label("batch.kubernetes.io/job-name"));
        Assert.Equal(["ContainersReady", "Initialized", "PodScheduled", "Ready"], Status(pod).Conditions!.Select(condition => condition.Type));

        await world.Pass(TimeSpan.FromMinutes(2));
        pod = world.Store.List(Kinds.Pod).Items.Single();
        Assert.Equal("Failed", Status(pod).Phase);
        Assert.Equal((7, "Error"), (Status(pod).ContainerStatuses!.Single().State!.Terminated!.ExitCode, Status(pod).ContainerStatuses!.Single().State!.Terminated!.Reason));
    }

    [Fact]
    public async Task A_serving_pod_is_ready_when_its_probes_pass_and_shows_no_secrets()
    {
        await using var world = new JobWorld(_ => new InstanceFate { ReadyAfter = TimeSpan.FromSeconds(2) });
        var spec = await Serve(world);
        await world.Pass(TimeSpan.FromSeconds(1));
        Assert.False(Status(world.Get(Kinds.Pod, spec.Id)).ContainerStatuses!.Single().Ready);
        await world.Pass(TimeSpan.FromSeconds(2));

        var pod = world.Get(Kinds.Pod, spec.Id);
        Assert.True(Status(pod).ContainerStatuses!.Single().Ready);
        Assert.Equal("127.0.0.1", Status(pod).PodIP);
        Assert.DoesNotContain("hunter2", pod.ToJson().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_pod_drains_and_ends_its_instance()
    {
        await using var world = new JobWorld(_ => InstanceFate.Healthy);
        var spec = await Serve(world);
        await world.Pass(TimeSpan.FromSeconds(5));
        await world.Store.DeleteAsync(new ResourceKey(Kinds.Pod, "demo", spec.Id), DeleteOptions.Default, default);
        await world.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal([spec.Id], world.Drained);
        Assert.Equal(InstancePhase.Exited, world.Driver.List().Single().Phase);
    }

    [Fact]
    public async Task A_pod_goes_when_its_instance_is_forgotten()
    {
        await using var world = new JobWorld(_ => InstanceFate.Healthy);
        var spec = await Serve(world);
        await world.Pass(TimeSpan.FromSeconds(5));
        world.Driver.Crash(spec.Id);
        await world.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal("Failed", Status(world.Get(Kinds.Pod, spec.Id)).Phase);
        await world.Driver.ForgetAsync(spec.Id, default);
        await world.Pass(TimeSpan.FromMinutes(2));

        Assert.False(world.Exists(Kinds.Pod, spec.Id));
    }

    private static PodStatus Status(Resource pod) => pod.Read("status", KindsJson.Default.PodStatus)!;

    private static async Task<InstanceSpec> Serve(JobWorld world)
    {
        var revision = await world.Create(Kinds.Revision, """{"metadata":{"name":"web-00001","namespace":"demo"},"spec":{"containers":[]}}""");
        var spec = new InstanceSpec
        {
            Id = "web-00001-deployment-abcde",
            Namespace = "demo",
            Owner = "web-00001",
            OwnerUid = revision.Uid,
            OwnerKind = "Revision",
            ContainerName = "user-container",
            Image = "registry.test/web@sha256:1",
            Runnable = new RunnableImage("/images/x", true, ["/app"], [], [], null, null),
            Environment = [new("PASSWORD", "hunter2")],
        };
        Assert.True((await world.Driver.StartAsync(spec, default)).Succeeded);
        return spec;
    }
}
