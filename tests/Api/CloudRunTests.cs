using System.Net;
using Slipway.Api.CloudRun;
using Slipway.Api.Ingress;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests;

public sealed class CloudRunTests
{
    private const string Services = "/apis/serving.knative.dev/v1/namespaces/my-project/services";
    private const string Hello = "/v1/projects/my-project/locations/local/services/hello";

    private static async Task<ApiHost> WithHelloAsync()
    {
        var api = await ApiHost.StartAsync();
        (await api.PostAsync($"{Services}?alt=json", Manifests.Service("hello", @namespace: "my-project"))).Expect(HttpStatusCode.Created);
        return api;
    }

    [Fact]
    public async Task A_project_becomes_a_namespace_when_it_is_first_written_to()
    {
        await using var api = await WithHelloAsync();
        (await api.GetAsync("/api/v1/namespaces/my-project/serviceaccounts/default")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_region_is_shown_to_gcloud_only_and_taken_off_what_it_sends_back()
    {
        await using var api = await WithHelloAsync();
        var seen = await api.GetAsync($"{Services}/hello?alt=json");
        Assert.Equal("local", seen.At("metadata", "labels", "cloud.googleapis.com/location"));
        Assert.Equal("local", (await api.GetAsync($"{Services}?alt=json")).At("items", "0", "metadata", "labels", "cloud.googleapis.com/location"));
        var written = await api.PutAsync($"{Services}/hello?alt=json", seen.Text);
        Assert.Equal(seen.At("metadata", "resourceVersion"), written.Expect(HttpStatusCode.OK).At("metadata", "resourceVersion"));
        Assert.Null((await api.GetAsync($"{Services}/hello")).Json["metadata"]!["labels"]);
    }

    [Fact]
    public async Task Projects_locations_and_services_can_be_listed()
    {
        await using var api = await WithHelloAsync();
        Assert.Equal("ACTIVE", (await api.GetAsync("/v1/projects/my-project")).At("lifecycleState"));
        Assert.Equal("local", (await api.GetAsync("/v1/projects/my-project/locations")).At("locations", "0", "locationId"));
        Assert.Equal("hello", (await api.GetAsync("/v1/projects/my-project/locations/-/services")).At("items", "0", "metadata", "name"));
        Assert.Empty((await api.GetAsync("/v1/projects/my-project/locations/mars/services")).Json["items"]!.AsArray());
        Assert.Empty((await api.GetAsync("/apis/domains.cloudrun.com/v1/namespaces/my-project/domainmappings")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task An_invoker_policy_is_kept_across_manifests_that_do_not_mention_it()
    {
        await using var api = await WithHelloAsync();
        var before = (await api.GetAsync($"{Hello}:getIamPolicy")).Expect(HttpStatusCode.OK);
        var policy = $$$"""{"policy":{"etag":"{{{before.At("etag")}}}","bindings":[{"role":"roles/run.invoker","members":["allUsers"]}]}}""";
        var set = (await api.PostAsync($"{Hello}:setIamPolicy", policy)).Expect(HttpStatusCode.OK);
        Assert.NotEqual(before.At("etag"), set.At("etag"));
        (await api.PostAsync($"{Hello}:setIamPolicy", policy)).Expect(HttpStatusCode.Conflict);
        (await api.PutAsync($"{Services}/hello", Manifests.Service("hello", "example.test/shop:2", "my-project"))).Expect(HttpStatusCode.OK);
        Assert.Equal("allUsers", (await api.GetAsync($"{Hello}:getIamPolicy")).At("bindings", "0", "members", "0"));
    }

    [Fact]
    public async Task Permissions_can_be_tested_and_unknown_services_are_404()
    {
        await using var api = await WithHelloAsync();
        Assert.Equal("run.services.get", (await api.PostAsync($"{Hello}:testIamPermissions", """{"permissions":["run.services.get"]}""")).At("permissions", "0"));
        (await api.GetAsync("/v1/projects/my-project/locations/local/services/none:getIamPolicy")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Logs_are_read_newest_first_and_by_severity()
    {
        await using var api = await WithHelloAsync();
        await api.StoreAsync(new Resource(
            Kinds.Pod,
            new ObjectMeta { Name = "hello-1", Namespace = "my-project", Labels = new() { ["serving.knative.dev/service"] = "hello" } },
            "{}"u8.ToArray()));
        var noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        api.Logs.Write("hello-1", noon, "plain");
        api.Logs.Write("hello-1", noon.AddSeconds(1), """{"severity":"warning","message":"structured"}""");
        const string filter = "resource.type=cloud_run_revision AND resource.labels.service_name=hello AND resource.labels.location=local AND severity>=DEFAULT";
        var page = await api.PostAsync("/v2/entries:list", $$$"""{"resourceNames":["projects/my-project"],"filter":"{{{filter}}}","orderBy":"timestamp desc","pageSize":1}""");
        Assert.Equal("structured", page.Expect(HttpStatusCode.OK).At("entries", "0", "jsonPayload", "message"));
        Assert.Equal("WARNING", page.At("entries", "0", "severity"));
        var next = await api.PostAsync("/v2/entries:list", $$$"""{"resourceNames":["projects/my-project"],"filter":"","orderBy":"timestamp desc","pageSize":1,"pageToken":"{{{page.At("nextPageToken")}}}"}""");
        Assert.Equal("plain", next.At("entries", "0", "textPayload"));
        var other = await api.PostAsync("/v2/entries:list", """{"resourceNames":["projects/my-project"],"filter":"resource.labels.service_name = \"other\""}""");
        Assert.Empty(other.Json["entries"]!.AsArray());
    }

    [Fact]
    public void A_filter_is_understood_or_refused()
    {
        var filter = LogFilter.Parse("(resource.type = \"cloud_run_revision\") AND\n resource.labels.revision_name=\"a-1\" severity>=ERROR timestamp>=\"2026-01-01T00:00:00Z\" textPayload:\"x y\"").Value;
        Assert.Equal("cloud_run_revision", filter.ResourceType);
        Assert.Equal("a-1", filter.Revision);
        Assert.Equal(LogFilter.SeverityOf("ERROR"), filter.SeverityMin);
        Assert.Equal("x y", filter.Text);
        Assert.False(LogFilter.Parse("a=b OR c=d").Succeeded);
        Assert.False(LogFilter.Parse("NOT x").Succeeded);
    }

    [Fact]
    public async Task The_ingress_is_published_as_a_core_service()
    {
        await using var api = await ApiHost.StartAsync();
        Assert.Null(await IngressView.PublishAsync(api.Store, "127.0.0.1", 8080, CancellationToken.None));
        Assert.Null(await IngressView.PublishAsync(api.Store, "127.0.0.1", 9090, CancellationToken.None));
        var view = await api.GetAsync("/api/v1/namespaces/kourier-system/services/kourier");
        Assert.Equal("9090", view.Expect(HttpStatusCode.OK).At("spec", "ports", "0", "nodePort"));
        Assert.Equal("127.0.0.1", view.At("status", "loadBalancer", "ingress", "0", "ip"));
    }
}
