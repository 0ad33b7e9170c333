using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests;

/// <summary>What people really type. Skipped where kubectl is missing.</summary>
public sealed class KubectlTests
{
    [Fact]
    public async Task Manifests_are_applied_shown_and_deleted()
    {
        await using var api = await ApiHost.StartAsync();
        using var kubectl = new Kubectl(api);
        Assert.Contains("shop created", await kubectl.RunAsync("apply -f -", Manifests.Service("shop")));
        await api.SetStatusAsync(
            new ResourceKey(Kinds.Service, "default", "shop"),
            """{"observedGeneration":1,"url":"http://shop.default.localhost:8080","conditions":[{"type":"Ready","status":"True"}]}""");
        var table = await kubectl.RunAsync("get ksvc");
        Assert.Matches(@"NAME\s+URL\s+LATESTCREATED\s+LATESTREADY\s+READY\s+REASON\s+AGE", table);
        Assert.Contains("http://shop.default.localhost:8080", table);
        Assert.Contains("image: example.test/shop:1", await kubectl.RunAsync("get ksvc shop -o yaml"));
        Assert.Contains("condition met", await kubectl.RunAsync("wait --for=condition=Ready ksvc/shop --timeout=30s"));
        Assert.Contains("Timeout Seconds:", await kubectl.RunAsync("describe ksvc shop"));
        Assert.Contains("deleted", await kubectl.RunAsync("delete ksvc shop"));
        Assert.Contains("NotFound", await kubectl.RunAsync("get ksvc shop", exitCode: 1));
    }

    [Fact]
    public async Task Objects_are_labelled_annotated_and_patched()
    {
        await using var api = await ApiHost.StartAsync();
        using var kubectl = new Kubectl(api);
        await kubectl.RunAsync("apply -f -", Manifests.ConfigMap("one", "a", "1"));
        await kubectl.RunAsync("label configmap one team=blue");
        await kubectl.RunAsync("annotate configmap one note=short");
        await kubectl.RunAsync("""patch configmap one -p {"data":{"b":"2"}}""");
        Assert.Equal("1/2/blue", await kubectl.RunAsync("get configmap one -o jsonpath={.data.a}/{.data.b}/{.metadata.labels.team}"));
        Assert.Contains("unchanged", await kubectl.RunAsync("apply -f -", Manifests.ConfigMap("one", "a", "1")));
        Assert.Contains("one", await kubectl.RunAsync("get configmap -l team=blue -o name"));
    }

    [Fact]
    public async Task Server_side_apply_reports_and_resolves_conflicts()
    {
        await using var api = await ApiHost.StartAsync();
        using var kubectl = new Kubectl(api);
        await kubectl.RunAsync("apply --server-side --field-manager=me -f -", Manifests.ConfigMap("one", "a", "1"));
        var conflict = await kubectl.RunAsync("apply --server-side --field-manager=you -f -", Manifests.ConfigMap("one", "a", "2"), exitCode: 1);
        Assert.Contains("conflict with \"me\"", conflict);
        await kubectl.RunAsync("apply --server-side --field-manager=you --force-conflicts -f -", Manifests.ConfigMap("one", "a", "2"));
        Assert.Equal("2", await kubectl.RunAsync("get configmap one -o jsonpath={.data.a}"));
    }

    [Fact]
    public async Task Typos_in_manifests_are_named()
    {
        await using var api = await ApiHost.StartAsync();
        using var kubectl = new Kubectl(api);
        var refused = await kubectl.RunAsync("apply -f -", Manifests.Service("shop").Replace("\"image\"", "\"imagee\":\"x\",\"image\""), exitCode: 1);
        Assert.Contains("unknown field \"spec.template.spec.containers[0].imagee\"", refused);
    }

    [Fact]
    public async Task Built_in_kinds_are_created_from_the_command_line()
    {
        await using var api = await ApiHost.StartAsync();
        using var kubectl = new Kubectl(api);
        await kubectl.RunAsync("create namespace team");
        await kubectl.RunAsync("create secret generic key --from-literal=p=q");
        await kubectl.RunAsync("create job once --image=example.test/x:1 -- date");
        Assert.Equal("cQ==", await kubectl.RunAsync("get secret key -o jsonpath={.data.p}"));
        Assert.Contains("yes", await kubectl.RunAsync("auth can-i create pods"));
        Assert.Matches(@"^\S+\.\S+\.\S+\s*$", await kubectl.RunAsync("create token default"));
    }

    [Fact]
    public async Task Fields_are_explained()
    {
        await using var api = await ApiHost.StartAsync();
        using var kubectl = new Kubectl(api);
        Assert.Contains("image", await kubectl.RunAsync("explain ksvc.spec.template.spec.containers"));
        Assert.Contains("services", await kubectl.RunAsync("api-resources --api-group=serving.knative.dev"));
    }

    [Fact]
    public async Task Logs_are_shown()
    {
        await using var api = await ApiHost.StartAsync();
        using var kubectl = new Kubectl(api);
        await api.StoreAsync(new Resource(
            Kinds.Pod,
            new ObjectMeta { Name = "shop-1", Namespace = "default" },
            """{"spec":{"containers":[{"name":"main"}]},"status":{"phase":"Running"}}"""u8.ToArray()));
        api.Logs.Write("shop-1", DateTimeOffset.UnixEpoch, "hello from the instance");
        Assert.Contains("hello from the instance", await kubectl.RunAsync("logs shop-1"));
        Assert.Contains("Running", await kubectl.RunAsync("get pods"));
    }
}
