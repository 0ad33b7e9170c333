using System.Net;
using Slipway.Api.Platform.Traffic;
using Slipway.Api.Tests.Platform.World;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Fleet;
using Slipway.Runtime.Endpoints;

namespace Slipway.Api.Tests.Platform;

public sealed class ServiceReadingTests
{
    private static readonly DateTimeOffset s_noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_service_shows_its_addresses_revisions_instances_and_traffic()
    {
        await using var cloud = await PlatformHost.StartAsync();
        var service = await cloud.ServiceAsync("shop");
        await cloud.ReadyInstanceAsync("shop-00001", "a");
        cloud.Traffic.Services["default/shop"] = new ServiceTrafficReport(100, 3, 0.012, 1);

        var answer = (await cloud.GetAsync("/api/services/shop")).Expect(HttpStatusCode.OK);

        Assert.Equal(service.Uid, answer.At("id"));
        Assert.Equal("shop", answer.At("name"));
        Assert.Equal("http://shop.default.svc", answer.At("endpoint"));
        Assert.Equal("http://shop.default.localhost:8080", answer.At("url"));
        Assert.Equal("healthy", answer.At("health"));
        Assert.Equal("1", answer.At("instances"));
        Assert.Equal("1", answer.At("instancesReady"));
        Assert.Equal("shop-00001", answer.At("revisions/0/name"));
        Assert.Equal("100", answer.At("revisions/0/percent"));
        Assert.Equal("1", answer.At("revisions/0/instances"));
        Assert.Equal("example.test/shop:1", answer.At("revisions/0/image"));
        Assert.Equal("3", answer.At("traffic/errors"));
        Assert.Equal("0.012", answer.At("traffic/latencySecondsAverage"));
        Assert.Equal(answer.Json.ToJsonString(), Assert.Single((await cloud.GetAsync("/api/services")).Items).ToJsonString());
    }

    [Fact]
    public async Task Health_tells_a_sleeping_service_from_a_failing_one()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("asleep");
        await cloud.ServiceAsync("broken", ready: "False");
        await cloud.ServiceAsync("older-serves", ready: "False");
        await cloud.ReadyInstanceAsync("older-serves-00001", "a");
        await cloud.ServiceAsync("limping");
        await cloud.ReadyInstanceAsync("limping-00001", "a");
        cloud.Driver.FailLiveness((await cloud.InstanceAsync("limping-00001", "b")).Id);
        await cloud.ServiceAsync("fresh", ready: "Unknown");

        Assert.Equal("healthy", await HealthAsync("asleep"));
        Assert.Equal("unhealthy", await HealthAsync("broken"));
        Assert.Equal("degraded", await HealthAsync("older-serves"));
        Assert.Equal("degraded", await HealthAsync("limping"));
        Assert.Equal("unknown", await HealthAsync("fresh"));

        async Task<string?> HealthAsync(string name) => (await cloud.GetAsync($"/api/services/{name}")).At("health");
    }

    [Fact]
    public async Task Services_are_paged_by_namespace_and_name()
    {
        await using var cloud = await PlatformHost.StartAsync();
        foreach (var (name, @namespace) in new[] { ("b", "default"), ("a", "default"), ("c", "another") })
        {
            await cloud.ServiceAsync(name, @namespace);
        }

        var first = await cloud.GetAsync("/api/services?limit=2");
        var second = await cloud.GetAsync($"/api/services?limit=2&cursor={first.At("page/next")}");

        Assert.Equal(["c", "a"], first.Items.Select(item => (string)item["name"]!));
        Assert.Equal(["b"], second.Items.Select(item => (string)item["name"]!));
        Assert.Equal("c", (string?)Assert.Single((await cloud.GetAsync("/api/services?namespace=another")).Items)["name"]);
        (await cloud.GetAsync("/api/services/c")).ExpectProblem(HttpStatusCode.NotFound, "notFound");
        (await cloud.GetAsync("/api/services/c?namespace=another")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Decisions_of_all_revisions_come_newest_first_with_their_inputs()
    {
        await using var cloud = await PlatformHost.StartAsync();
        var service = await cloud.ServiceAsync("shop");
        await cloud.RevisionAsync(service, "shop-00002");
        await cloud.ServiceAsync("other");
        Decide(cloud, "shop-00001", 1, 2, "2 instances for 14 requests in flight");
        Decide(cloud, "shop-00002", 2, 3, "3 instances for 21 requests in flight");
        Decide(cloud, "shop-00001", 3, 0, "nothing to do");
        Decide(cloud, "other-00001", 4, 9, "not of this service");

        var answer = (await cloud.GetAsync("/api/services/shop/decisions?namespace=default&limit=5")).Expect(HttpStatusCode.OK);

        Assert.Equal(["nothing to do", "3 instances for 21 requests in flight", "2 instances for 14 requests in flight"], answer.Items.Select(item => (string)item["reason"]!));
        Assert.Equal("2030-01-01T12:03:00.000Z", answer.At("items/0/at"));
        Assert.Equal("shop-00002", answer.At("items/1/revision"));
        Assert.Equal("3", answer.At("items/1/desired"));
        Assert.Equal("7", answer.At("items/1/inputs/target"));
        Assert.Equal("concurrency", answer.At("items/1/inputs/metric"));

        var first = await cloud.GetAsync("/api/services/shop/decisions?limit=2");
        var rest = await cloud.GetAsync($"/api/services/shop/decisions?limit=2&cursor={first.At("page/next")}");
        Assert.Equal("2 instances for 14 requests in flight", (string?)Assert.Single(rest.Items)["reason"]);
    }

    [Fact]
    public async Task Decisions_about_a_service_that_does_not_exist_are_not_found()
    {
        await using var cloud = await PlatformHost.StartAsync();
        (await cloud.GetAsync("/api/services/none/decisions")).ExpectProblem(HttpStatusCode.NotFound, "notFound");
        await cloud.ServiceAsync("shop");
        Assert.Empty((await cloud.GetAsync("/api/services/shop/decisions")).Expect(HttpStatusCode.OK).Items);
    }

    [Fact]
    public async Task Starts_are_told_per_revision_stage_by_stage()
    {
        await using var cloud = await PlatformHost.StartAsync();
        var service = await cloud.ServiceAsync("shop");
        var revision = await cloud.RevisionAsync(service, "shop-00002");
        await cloud.ServiceAsync("other");
        static ColdStart Start(int factor) => new(TimeSpan.FromMilliseconds(1 * factor), TimeSpan.FromMilliseconds(4 * factor), TimeSpan.FromMilliseconds(100 * factor), TimeSpan.FromMilliseconds(5 * factor));
        cloud.Fleet.Add(new RevisionFleetSnapshot(new RevisionKey("default", "shop-00002"), revision.Uid, 1, 1, 0, 0, 0, 2, Start(3), Start(1), 7, 0));
        cloud.Fleet.Add(new RevisionFleetSnapshot(new RevisionKey("default", "other-00001"), "another", 1, 1, 0, 0, 0, 1, Start(1), Start(1), 0, 0));

        var starts = Assert.Single((await cloud.GetAsync("/api/services/shop/starts")).Expect(HttpStatusCode.OK).Items);

        Assert.Equal(("shop-00002", 2, 7), ((string?)starts["revision"], (int)starts["starts"]!, (int)starts["thaws"]!));
        Assert.Equal((110.0, 165.0, 150.0), ((double)starts["last"]!["totalMs"]!, (double)starts["average"]!["totalMs"]!, (double)starts["average"]!["runtimeMs"]!));
        (await cloud.GetAsync("/api/services/none/starts")).ExpectProblem(HttpStatusCode.NotFound, "notFound");
    }

    private static void Decide(PlatformHost cloud, string revision, int minute, int wanted, string why)
    {
        var at = s_noon.AddMinutes(minute);
        cloud.Decisions.Add(new ScalingDecision
        {
            Namespace = "default",
            Revision = revision,
            At = at,
            LastAt = at,
            Class = "kpa",
            Metric = "concurrency",
            Wanted = wanted,
            Target = 7,
            Explanation = why,
        });
    }
}
