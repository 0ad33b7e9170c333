using System.Net;
using Slipway.Api.Platform.Traffic;
using Slipway.Api.Tests.Platform.World;
using Slipway.Runtime.Instances;

namespace Slipway.Api.Tests.Platform;

public sealed class ContainerReadingTests
{
    [Fact]
    public async Task A_container_shows_what_it_is_what_it_may_use_and_what_it_uses()
    {
        await using var cloud = await PlatformHost.StartAsync();
        var service = await cloud.ServiceAsync("shop");
        var instance = await cloud.ReadyInstanceAsync("shop-00001", "a");
        cloud.Driver.SetUsage(instance.Id, new InstanceUsage(TimeSpan.FromSeconds(1.5), 64L << 20, 3, 4096));
        cloud.Traffic.Instances[instance.Id] = new InstanceTrafficReport(42, 1000, 2, null);

        var answer = (await cloud.GetAsync("/api/containers?service=shop")).Expect(HttpStatusCode.OK);

        var container = Assert.Single(answer.Items);
        Assert.Equal(instance.Id, (string?)container["id"]);
        Assert.Equal("user-container", (string?)container["name"]);
        Assert.Equal("shop", (string?)container["service"]);
        Assert.Equal(service.Uid, (string?)container["serviceId"]);
        Assert.Equal("default", (string?)container["namespace"]);
        Assert.Equal("shop-00001", (string?)container["revision"]);
        Assert.Equal("admin", (string?)container["userId"]);
        Assert.Equal(instance.Spec.Image, (string?)container["image"]);
        Assert.Equal("running", (string?)container["status"]);
        Assert.Equal(instance.ProcessId, (int?)container["processId"]);
        Assert.Equal(instance.Address!.ToString(), (string?)container["address"]);
        Assert.Equal(0.5, (double?)container["cpuLimit"]);
        Assert.Equal(256L << 20, (long?)container["memoryLimitBytes"]);
        Assert.Equal(1.5, (double?)container["usage"]!["cpuSeconds"]);
        Assert.Equal(64L << 20, (long?)container["usage"]!["memoryBytes"]);
        Assert.Equal(3, (int?)container["usage"]!["processes"]);
        Assert.Equal(4096, (long?)container["usage"]!["diskBytes"]);
        Assert.Equal(2, (int?)container["inFlight"]);
        Assert.Equal(42, (long?)container["requests"]);
        Assert.Matches("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$", (string?)container["createdAt"]);
        Assert.Equal(container.ToJsonString(), (await cloud.GetAsync($"/api/containers/{instance.Id}")).Expect(HttpStatusCode.OK).Json.ToJsonString());
    }

    [Fact]
    public async Task The_status_follows_a_container_through_its_life()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        var id = (await cloud.InstanceAsync("shop-00001", "a")).Id;
        Assert.Equal("starting", await StatusAsync());

        cloud.Driver.SetReady(id, true);
        Assert.Equal("running", await StatusAsync());

        await cloud.Driver.FreezeAsync(id, CancellationToken.None);
        Assert.Equal("frozen", await StatusAsync());

        await cloud.Driver.ThawAsync(id, CancellationToken.None);
        cloud.Driver.SetReady(id, false);
        Assert.Equal("unhealthy", await StatusAsync());

        cloud.Driver.Crash(id, exitCode: 7);
        Assert.Equal("failed", await StatusAsync());

        async Task<string?> StatusAsync() => (await cloud.GetAsync($"/api/containers/{id}")).Expect(HttpStatusCode.OK).At("status");
    }

    [Fact]
    public async Task Containers_that_have_ended_are_listed_when_asked_for()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        var gone = await cloud.ReadyInstanceAsync("shop-00001", "gone");
        var here = await cloud.ReadyInstanceAsync("shop-00001", "here");
        cloud.Driver.Crash(gone.Id);

        Assert.Equal(here.Id, (string?)Assert.Single((await cloud.GetAsync("/api/containers")).Items)["id"]);
        var failed = Assert.Single((await cloud.GetAsync("/api/containers?status=failed,stopped")).Items);
        Assert.Equal(gone.Id, (string?)failed["id"]);
        Assert.Null(failed["usage"]);
        Assert.Null(failed["processId"]);
        Assert.NotNull(failed["endedAt"]);
    }

    [Fact]
    public async Task Pages_lead_forward_and_back_while_containers_come_and_go()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        foreach (var suffix in new[] { "b", "d", "f", "h", "j" })
        {
            await cloud.ReadyInstanceAsync("shop-00001", suffix);
        }

        var first = (await cloud.GetAsync("/api/containers?limit=2")).Expect(HttpStatusCode.OK);
        Assert.Equal(["b", "d"], Suffixes(first));
        Assert.Null(first.At("page/prev"));
        Assert.Contains("rel=\"next\"", first.Headers["Link"]);

        // Neither an insert before the cursor nor the end of the item it points at moves the next page.
        await cloud.ReadyInstanceAsync("shop-00001", "a");
        cloud.Driver.Crash("shop-00001-deployment-d");
        var second = (await cloud.GetAsync($"/api/containers?limit=2&cursor={first.At("page/next")}")).Expect(HttpStatusCode.OK);
        Assert.Equal(["f", "h"], Suffixes(second));
        var third = (await cloud.GetAsync($"/api/containers?limit=2&cursor={second.At("page/next")}")).Expect(HttpStatusCode.OK);
        Assert.Equal(["j"], Suffixes(third));
        Assert.Null(third.At("page/next"));
        var back = (await cloud.GetAsync($"/api/containers?limit=2&cursor={second.At("page/prev")}")).Expect(HttpStatusCode.OK);
        Assert.Equal(["a", "b"], Suffixes(back));

        static IEnumerable<string> Suffixes(PlatformAnswer answer) => answer.Items.Select(item => ((string)item["id"]!)[^1..]);
    }

    [Fact]
    public async Task A_cursor_of_another_list_caller_or_filter_is_refused()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        await cloud.ReadyInstanceAsync("shop-00001", "a");
        await cloud.ReadyInstanceAsync("shop-00001", "b");
        var cursor = (await cloud.GetAsync("/api/containers?limit=1&namespace=default")).At("page/next");

        (await cloud.GetAsync($"/api/containers?limit=1&cursor={cursor}")).ExpectProblem(HttpStatusCode.BadRequest, "cursorMismatch");
        (await cloud.GetAsync($"/api/services?limit=1&namespace=default&cursor={cursor}")).ExpectProblem(HttpStatusCode.BadRequest, "cursorMismatch");
        (await cloud.GetAsync($"/api/containers?limit=1&namespace=default&cursor={cursor}", PlatformHost.ViewerToken)).ExpectProblem(HttpStatusCode.BadRequest, "cursorMismatch");
        (await cloud.GetAsync("/api/containers?cursor=made-up")).ExpectProblem(HttpStatusCode.BadRequest, "cursorMismatch");
        (await cloud.GetAsync($"/api/containers?limit=7&namespace=default&cursor={cursor}")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Parameters_that_are_unknown_or_wrong_are_all_named_at_once()
    {
        await using var cloud = await PlatformHost.StartAsync();

        var answer = (await cloud.GetAsync("/api/containers?servcie=shop&limit=none&status=happy&namespace=Not_A_Name")).ExpectProblem((HttpStatusCode)422, "invalidRequest");

        Assert.Equal(
            ["limit outOfRange", "namespace invalidName", "servcie unknownParameter", "status unknownValue"],
            answer.Json["errors"]!.AsArray().Select(error => $"{error!["parameter"]} {error["code"]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Namespaces_bound_what_a_caller_sees()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        await cloud.ServiceAsync("vault", "private");
        var visible = await cloud.ReadyInstanceAsync("shop-00001", "a");
        var hidden = await cloud.ReadyInstanceAsync("vault-00001", "a", "private");

        Assert.Single((await cloud.GetAsync("/api/containers?namespace=default", PlatformHost.ViewerToken)).Expect(HttpStatusCode.OK).Items);
        (await cloud.GetAsync("/api/containers", PlatformHost.ViewerToken)).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
        (await cloud.GetAsync("/api/containers?namespace=private", PlatformHost.ViewerToken)).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
        (await cloud.GetAsync($"/api/containers/{visible.Id}", PlatformHost.ViewerToken)).Expect(HttpStatusCode.OK);
        var refused = (await cloud.GetAsync($"/api/containers/{hidden.Id}", PlatformHost.ViewerToken)).ExpectProblem(HttpStatusCode.NotFound, "notFound");
        Assert.DoesNotContain("private", refused.Text);
        Assert.Equal(2, (await cloud.GetAsync("/api/containers")).Items.Count);
    }
}
