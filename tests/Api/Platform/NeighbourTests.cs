using System.Net;
using Slipway.Api.Tests.Platform.World;
using Slipway.Control.Metering;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests.Platform;

public sealed class NeighbourTests
{
    private static readonly DateTimeOffset s_noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Logs_are_the_last_lines_since_an_instant()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        var id = (await cloud.ReadyInstanceAsync("shop-00001", "a")).Id;
        Assert.Empty((await cloud.GetAsync($"/api/containers/{id}/logs")).Expect(HttpStatusCode.OK).Items);
        for (var line = 0; line < 5; line++)
        {
            cloud.Logs.Write(id, s_noon.AddSeconds(line), $"line {line}");
        }

        var last = (await cloud.GetAsync($"/api/containers/{id}/logs?tail=2")).Expect(HttpStatusCode.OK);
        Assert.Equal(["line 3", "line 4"], last.Items.Select(item => (string)item["text"]!));
        Assert.Equal("output", last.At("items/0/stream"));
        Assert.Single((await cloud.GetAsync($"/api/containers/{id}/logs?since=2030-01-01T12:00:04Z")).Items);
        (await cloud.GetAsync($"/api/containers/{id}/logs?since=yesterday")).ExpectProblem((HttpStatusCode)422, "invalidRequest");
        (await cloud.GetAsync("/api/containers/none/logs")).ExpectProblem(HttpStatusCode.NotFound, "notFound");
    }

    [Fact]
    public async Task Followed_logs_come_as_events_until_the_container_ends()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        var id = (await cloud.ReadyInstanceAsync("shop-00001", "a")).Id;
        cloud.Logs.Write(id, s_noon, "first");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/containers/{id}/logs?follow=true");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {PlatformHost.AdminToken}");
        using var response = await cloud.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);

        cloud.Logs.Write(id, s_noon.AddSeconds(1), "second");
        cloud.Logs.End(id);

        var text = await response.Content.ReadAsStringAsync();
        var data = text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, data.Count);
        Assert.Contains("\"first\"", data[0]);
        Assert.Contains("\"second\"", data[1]);
        Assert.Contains($"id: {s_noon.UtcTicks}\n", text);
    }

    [Fact]
    public async Task A_service_is_found_with_its_healthy_instances()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        var ready = await cloud.ReadyInstanceAsync("shop-00001", "a");
        await cloud.InstanceAsync("shop-00001", "b");

        var all = (await cloud.GetAsync("/api/registry/services/shop/instances")).Expect(HttpStatusCode.OK);
        var healthy = (await cloud.GetAsync("/api/registry/services/shop/instances?healthy=true")).Expect(HttpStatusCode.OK);

        Assert.Equal(["running", "starting"], all.Items.Select(item => (string)item["status"]!));
        Assert.Equal(ready.Address!.ToString(), (string?)Assert.Single(healthy.Items)["address"]);
        (await cloud.GetAsync("/api/registry/services/none/instances")).ExpectProblem(HttpStatusCode.NotFound, "notFound");
    }

    [Fact]
    public async Task The_map_shows_what_leads_where()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        await cloud.ReadyInstanceAsync("shop-00001", "a");
        await cloud.StoreAsync(Kinds.HttpRoute, """
            {"metadata":{"name":"front","namespace":"default"},
             "spec":{"hostnames":["www.shop.test"],"rules":[{"backendRefs":[{"name":"shop","port":80}]}]}}
            """);
        await cloud.StoreAsync(Kinds.Database, """{"metadata":{"name":"orders","namespace":"default"},"spec":{"services":["shop"]}}""");

        var map = (await cloud.GetAsync("/api/registry/map")).Expect(HttpStatusCode.OK);

        Assert.Equal("shop", map.At("services/0/name"));
        Assert.Equal("healthy", map.At("services/0/health"));
        Assert.Equal("True", map.At("services/0/instances/0/healthy"), ignoreCase: true);
        Assert.Equal(
            ["host:shop.default.localhost:8080 > service:shop", "host:www.shop.test > service:shop", "service:shop > database:orders"],
            map.Json["connections"]!.AsArray()
                .Select(edge => $"{edge!["from"]!["kind"]}:{edge["from"]!["name"]} > {edge["to"]!["kind"]}:{edge["to"]!["name"]}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Usage_is_filtered_and_paged()
    {
        await using var cloud = await PlatformHost.StartAsync();
        for (var index = 0; index < 5; index++)
        {
            cloud.Ledger.Usage.Add(Used(index, index % 2 == 0 ? "shop-uid" : "other-uid"));
        }

        var first = (await cloud.GetAsync("/api/usage?serviceId=shop-uid&limit=2")).Expect(HttpStatusCode.OK);
        var second = (await cloud.GetAsync($"/api/usage?serviceId=shop-uid&limit=2&cursor={first.At("page/next")}")).Expect(HttpStatusCode.OK);

        Assert.Equal(2, first.Items.Count);
        Assert.Equal(cloud.Ledger.Usage[4].Id.ToString(), (string?)Assert.Single(second.Items)["id"]);
        Assert.Null(second.At("page/next"));
        Assert.Equal("admin", first.At("items/0/userId"));
        Assert.Equal("1.5", first.At("items/0/cpuUsage"));
        Assert.Equal("2.5", first.At("items/0/memoryUsage"));
        Assert.Equal("2030-01-01T12:00:00.000Z", first.At("items/0/periodStart"));
        Assert.Equal(3, (await cloud.GetAsync("/api/usage?from=2030-01-01T12:00:20Z")).Items.Count);
        Assert.Empty((await cloud.GetAsync("/api/usage?userId=nobody")).Items);
        (await cloud.GetAsync("/api/usage?namespace=private", PlatformHost.ViewerToken)).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_containers_metrics_are_its_usage_per_second()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        var id = (await cloud.ReadyInstanceAsync("shop-00001", "a")).Id;
        cloud.Ledger.Usage.Add(Used(0, "shop-uid") with { ContainerId = id });
        cloud.Ledger.Usage.Add(Used(1, "shop-uid"));

        var only = Assert.Single((await cloud.GetAsync($"/api/containers/{id}/metrics")).Expect(HttpStatusCode.OK).Items);

        Assert.Equal(0.15, (double)only["cpuUsage"]!, 9);
        Assert.Equal(1L << 28, (long)only["memoryUsage"]!);
    }

    [Fact]
    public async Task Metrics_of_services_are_listed()
    {
        await using var cloud = await PlatformHost.StartAsync();
        cloud.Ledger.Metrics.Add(new MetricRow(Guid.NewGuid(), "default", "shop-uid", "shop", s_noon, s_noon.AddSeconds(10), 0.5, 1024, 2, 100, 4, 0.05, 1));

        var metric = (await cloud.GetAsync("/api/metrics?serviceId=shop-uid")).Expect(HttpStatusCode.OK);

        Assert.Equal("0.5", metric.At("items/0/cpuUsage"));
        Assert.Equal("1024", metric.At("items/0/memoryUsage"));
        Assert.Equal("2030-01-01T12:00:10.000Z", metric.At("items/0/timestamp"));
    }

    [Fact]
    public async Task A_ledger_that_does_not_answer_is_a_503_worth_retrying()
    {
        await using var cloud = await PlatformHost.StartAsync();
        cloud.Ledger.Failure = new Failure(FailureKind.Unavailable, "ledger-unavailable", "The ledger is away.");

        foreach (var path in new[] { "/api/usage", "/api/metrics" })
        {
            var refused = (await cloud.GetAsync(path)).ExpectProblem(HttpStatusCode.ServiceUnavailable, "ledgerUnavailable");
            Assert.Equal("true", refused.At("retryable"), ignoreCase: true);
            Assert.NotEmpty(refused.Headers["Retry-After"]);
        }
    }

    [Fact]
    public async Task Images_are_listed_and_removed_unless_a_revision_needs_them()
    {
        await using var cloud = await PlatformHost.StartAsync();
        var used = await ImageFiles.ImportAsync(cloud.Images, "team/shop", "v1");
        await ImageFiles.ImportAsync(cloud.Images, "team/shop", "v2");
        var service = await cloud.ServiceAsync("shop");
        await cloud.StoreAsync(Kinds.Revision, $$$"""
            {"metadata":{"name":"shop-00002","namespace":"default","labels":{"serving.knative.dev/serviceUID":"{{{service.Uid}}}"}},
             "spec":{"containers":[{"image":"localhost:5000/{{{used}}}"}]}}
            """);

        var list = (await cloud.GetAsync("/api/images")).Expect(HttpStatusCode.OK);
        Assert.Equal(["team/shop:v1", "team/shop:v2"], list.Items.Select(item => (string)item["id"]!));
        Assert.Equal("localhost:5999/team/shop:v1", list.At("items/0/reference"));
        Assert.Equal("default/shop-00002", list.At("items/0/revisions/0"));
        Assert.Equal(2, (await cloud.GetAsync("/api/images/team/shop")).Expect(HttpStatusCode.OK).Items.Count);
        Assert.Single((await cloud.GetAsync("/api/images/team/shop:v2")).Expect(HttpStatusCode.OK).Items);
        (await cloud.GetAsync("/api/images/team/none")).ExpectProblem(HttpStatusCode.NotFound, "notFound");

        (await cloud.DeleteAsync("/api/images/team/shop:v1")).ExpectProblem(HttpStatusCode.Conflict, "imageInUse");
        (await cloud.DeleteAsync("/api/images/team/shop")).ExpectProblem(HttpStatusCode.Conflict, "imageInUse");
        (await cloud.DeleteAsync("/api/images/team/shop:v2")).Expect(HttpStatusCode.NoContent);
        (await cloud.DeleteAsync("/api/images/team/shop:v2")).Expect(HttpStatusCode.NoContent);
        Assert.DoesNotContain((await cloud.GetAsync("/api/images")).Items, item => (string?)item["tag"] == "v2");
    }

    [Fact]
    public async Task Pushing_an_image_here_is_answered_with_the_registrys_address()
    {
        await using var cloud = await PlatformHost.StartAsync();
        var refused = (await cloud.PostAsync("/api/images")).ExpectProblem(HttpStatusCode.MethodNotAllowed, "pushToTheRegistry");
        Assert.Contains("localhost:5999", refused.At("detail"));
    }

    private static UsageRow Used(int interval, string serviceId) => new(
        Guid.NewGuid(), "admin", "default", serviceId, "shop", "shop-00001", $"shop-{interval}", s_noon.AddSeconds(interval * 10), s_noon.AddSeconds((interval + 1) * 10),
        1.5, 2.5, 4096, 7, 700);
}
