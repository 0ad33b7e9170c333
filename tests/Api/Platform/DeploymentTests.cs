using System.Net;
using System.Text.Json.Nodes;
using Slipway.Api.Tests.Platform.World;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests.Platform;

public sealed class DeploymentTests
{
    [Fact]
    public async Task A_form_becomes_a_service_and_the_answer_leads_to_its_containers()
    {
        await using var cloud = await PlatformHost.StartAsync();

        var made = (await cloud.PostAsync("/api/containers", """
            {"name":"shop","image":"example.test/shop:1","cpu":0.5,"memoryMb":256,"minInstances":1,"maxInstances":4,"concurrency":20,
             "env":{"COLOUR":"blue"},"port":8081,"healthPath":"/ready"}
            """)).Expect(HttpStatusCode.Created);

        Assert.Equal("/api/containers?service=shop&namespace=default", made.Headers["Location"]);
        (await cloud.GetAsync(made.Headers["Location"])).Expect(HttpStatusCode.OK);
        Assert.Equal("shop", made.At("name"));
        var service = Stored(cloud, Kinds.Service, "shop");
        var spec = service["spec"]!["template"]!["spec"]!;
        var container = spec["containers"]![0]!;
        Assert.Equal("example.test/shop:1", (string?)container["image"]);
        Assert.Equal("500m", (string?)container["resources"]!["limits"]!["cpu"]);
        Assert.Equal("256Mi", (string?)container["resources"]!["limits"]!["memory"]);
        Assert.Equal("20", spec["containerConcurrency"]!.ToString());
        Assert.Equal("blue", (string?)container["env"]![0]!["value"]);
        Assert.Equal("8081", container["ports"]![0]!["containerPort"]!.ToString());
        Assert.Equal("/ready", (string?)container["readinessProbe"]!["httpGet"]!["path"]);
        var annotations = service["spec"]!["template"]!["metadata"]!["annotations"]!;
        Assert.Equal("1", (string?)annotations["autoscaling.knative.dev/min-scale"]);
        Assert.Equal("4", (string?)annotations["autoscaling.knative.dev/max-scale"]);
        Assert.Equal("ada", (string?)service["metadata"]!["annotations"]!["serving.knative.dev/creator"]);
    }

    [Fact]
    public async Task Everything_wrong_with_a_form_is_told_at_once_with_where_it_stands()
    {
        await using var cloud = await PlatformHost.StartAsync();

        var refused = (await cloud.PostAsync("/api/services", """
            {"name":"Not A Name","cpu":"much","memoryMb":0,"minInstances":5,"maxInstances":2,"env":{"A":1},"colour":"blue"}
            """)).ExpectProblem((HttpStatusCode)422, "invalidRequest");

        Assert.Equal(
            ["/colour unknownField", "/cpu outOfRange", "/env/A notText", "/image required", "/memoryMb outOfRange", "/minInstances aboveMaximum", "/name invalidName"],
            refused.Json["errors"]!.AsArray().Select(error => $"{error!["pointer"]} {error["code"]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_only_the_platforms_own_rules_refuse_points_into_the_form_too()
    {
        await using var cloud = await PlatformHost.StartAsync();

        var refused = (await cloud.PostAsync("/api/services", """{"name":"shop","image":"no image at all","env":{"1 2":"x"}}""")).ExpectProblem((HttpStatusCode)422, "invalidRequest");

        Assert.Equal(["/env", "/image"], refused.Json["errors"]!.AsArray().Select(error => (string)error!["pointer"]!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{\"name\":", HttpStatusCode.BadRequest, "malformedBody")]
    [InlineData("[]", HttpStatusCode.BadRequest, "malformedBody")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", HttpStatusCode.BadRequest, "malformedBody")]
    public async Task A_body_that_cannot_be_read_is_refused(string body, HttpStatusCode status, string code)
    {
        await using var cloud = await PlatformHost.StartAsync();
        (await cloud.PostAsync("/api/services", body)).ExpectProblem(status, code);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var cloud = await PlatformHost.StartAsync();
        (await cloud.PostAsync("/api/services", $$"""{"name":"{{new string('a', 1100 * 1024)}}"}""")).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "bodyTooLarge");
    }

    [Fact]
    public async Task A_name_that_is_taken_and_a_namespace_that_is_missing_are_told_apart()
    {
        await using var cloud = await PlatformHost.StartAsync();
        const string Form = """{"name":"shop","image":"example.test/shop:1"}""";
        var made = (await cloud.PostAsync("/api/services", Form)).Expect(HttpStatusCode.Created);
        Assert.Equal("/api/services/shop?namespace=default", made.Headers["Location"]);

        (await cloud.PostAsync("/api/services", Form)).ExpectProblem(HttpStatusCode.Conflict, "alreadyExists");
        (await cloud.PostAsync("/api/services", Form.Replace("\"shop\"", "\"shop\",\"namespace\":\"nowhere\""))).ExpectProblem(HttpStatusCode.NotFound, "namespaceNotFound");
    }

    [Fact]
    public async Task Changing_a_container_changes_the_template_of_its_service_and_keeps_the_rest()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.PostAsync("/api/services", """{"name":"shop","image":"example.test/shop:1","cpu":1,"memoryMb":256,"minInstances":1}""");
        await AdoptAsync(cloud, "shop");
        var instance = await cloud.ReadyInstanceAsync("shop-00001", "a");

        (await cloud.PutAsync($"/api/containers/{instance.Id}", """{"memoryMb":512,"maxInstances":9}""")).Expect(HttpStatusCode.OK);

        var template = Stored(cloud, Kinds.Service, "shop")["spec"]!["template"]!;
        var limits = template["spec"]!["containers"]![0]!["resources"]!["limits"]!;
        Assert.Equal(("1", "512Mi"), (Cores((string)limits["cpu"]!), (string)limits["memory"]!));
        Assert.Equal("1", (string?)template["metadata"]!["annotations"]!["autoscaling.knative.dev/min-scale"]);
        Assert.Equal("9", (string?)template["metadata"]!["annotations"]!["autoscaling.knative.dev/max-scale"]);
        Assert.Equal(2, cloud.Store.Get(new ResourceKey(Kinds.Service, "default", "shop"))!.Metadata.Generation);

        static string Cores(string text) => text == "1000m" ? "1" : text;
    }

    [Fact]
    public async Task Replacing_a_service_forgets_what_is_not_given()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.PostAsync("/api/services", """{"name":"shop","image":"example.test/shop:1","memoryMb":256,"minInstances":1}""");

        (await cloud.PutAsync("/api/services/shop", """{"image":"example.test/shop:2"}""")).Expect(HttpStatusCode.OK);
        (await cloud.PutAsync("/api/services/shop", """{"memoryMb":1}""")).ExpectProblem((HttpStatusCode)422, "invalidRequest");
        (await cloud.PutAsync("/api/services/none", """{"image":"example.test/shop:2"}""")).ExpectProblem(HttpStatusCode.NotFound, "notFound");

        var template = Stored(cloud, Kinds.Service, "shop")["spec"]!["template"]!;
        Assert.Equal("example.test/shop:2", (string?)template["spec"]!["containers"]![0]!["image"]);
        Assert.Null(template["spec"]!["containers"]![0]!["resources"]?["limits"]?["memory"]);
        Assert.Null(template["metadata"]?["annotations"]?["autoscaling.knative.dev/min-scale"]);
    }

    [Fact]
    public async Task A_service_is_stopped_and_started_by_any_of_its_containers_and_by_its_name()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        var instance = await cloud.ReadyInstanceAsync("shop-00001", "a");

        Assert.Equal("true", (await cloud.PostAsync($"/api/containers/{instance.Id}/stop", "")).Expect(HttpStatusCode.OK).At("stopped"));
        Assert.Equal("true", (string?)Stored(cloud, Kinds.Service, "shop")["metadata"]!["annotations"]!["slipway.dev/stopped"]);

        // Once it has ended and is forgotten, its id still leads to its service.
        cloud.Driver.Crash(instance.Id);
        await cloud.Driver.ForgetAsync(instance.Id, CancellationToken.None);
        Assert.Equal("false", (await cloud.PostAsync($"/api/containers/{instance.Id}/start", "")).Expect(HttpStatusCode.OK).At("stopped"));
        Assert.Equal("true", (await cloud.PostAsync("/api/containers/shop/stop", "")).Expect(HttpStatusCode.OK).At("stopped"));
        (await cloud.PostAsync("/api/containers/nothing/stop", "")).ExpectProblem(HttpStatusCode.NotFound, "notFound");
    }

    [Fact]
    public async Task Scaling_fixes_the_number_of_a_revisions_instances_until_null_gives_it_back()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        var instance = await cloud.ReadyInstanceAsync("shop-00001", "a");
        var path = $"/api/containers/{instance.Id}/scale";

        (await cloud.PutAsync(path, """{"instances":3}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("3", (string?)Stored(cloud, Kinds.Revision, "shop-00001")["metadata"]!["annotations"]!["slipway.dev/manual-scale"]);

        (await cloud.PutAsync(path, """{"instances":null}""")).Expect(HttpStatusCode.OK);
        Assert.Null(Stored(cloud, Kinds.Revision, "shop-00001")["metadata"]?["annotations"]?["slipway.dev/manual-scale"]);

        (await cloud.PutAsync(path, "{}")).ExpectProblem((HttpStatusCode)422, "invalidRequest");
        (await cloud.PutAsync(path, """{"instances":-1}""")).ExpectProblem((HttpStatusCode)422, "invalidRequest");
    }

    [Fact]
    public async Task Deleting_a_container_recycles_it_and_repeating_that_changes_nothing()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        var instance = await cloud.ReadyInstanceAsync("shop-00001", "a");

        (await cloud.DeleteAsync($"/api/containers/{instance.Id}")).Expect(HttpStatusCode.NoContent);
        (await cloud.PostAsync($"/api/containers/{instance.Id}/restart", "")).Expect(HttpStatusCode.Accepted);
        (await cloud.DeleteAsync("/api/containers/none")).Expect(HttpStatusCode.NoContent);
        (await cloud.PostAsync("/api/containers/none/restart", "")).ExpectProblem(HttpStatusCode.NotFound, "notFound");

        Assert.Equal(2, cloud.Recycler.Recycled.Count);
        Assert.All(cloud.Recycler.Recycled, recycled => Assert.StartsWith($"default/{instance.Id}", recycled));
    }

    [Fact]
    public async Task Deleting_a_service_may_be_repeated()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");

        (await cloud.DeleteAsync("/api/services/shop")).Expect(HttpStatusCode.NoContent);
        (await cloud.DeleteAsync("/api/services/shop")).Expect(HttpStatusCode.NoContent);

        (await cloud.GetAsync("/api/services/shop")).ExpectProblem(HttpStatusCode.NotFound, "notFound");
    }

    [Fact]
    public async Task A_viewer_reads_and_changes_nothing()
    {
        await using var cloud = await PlatformHost.StartAsync();
        await cloud.ServiceAsync("shop");
        var id = (await cloud.ReadyInstanceAsync("shop-00001", "a")).Id;
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Post, "/api/services", """{"name":"a","image":"example.test/a:1"}"""),
            (HttpMethod.Put, "/api/services/shop", """{"image":"example.test/a:1"}"""),
            (HttpMethod.Delete, "/api/services/shop", null),
            (HttpMethod.Put, $"/api/containers/{id}", """{"cpu":1}"""),
            (HttpMethod.Put, $"/api/containers/{id}/scale", """{"instances":1}"""),
            (HttpMethod.Post, $"/api/containers/{id}/stop", null),
            (HttpMethod.Post, $"/api/containers/{id}/restart", null),
            (HttpMethod.Delete, $"/api/containers/{id}", null),
            (HttpMethod.Delete, "/api/images/shop", null),
        })
        {
            (await cloud.SendAsync(method, path, body, PlatformHost.ViewerToken)).ExpectProblem(HttpStatusCode.Forbidden, "forbidden");
        }

        // Who may not even look is not told that there is something.
        (await cloud.SendAsync(HttpMethod.Post, $"/api/containers/{id}/stop", null, PlatformHost.StrangerToken)).ExpectProblem(HttpStatusCode.NotFound, "notFound");
        Assert.Empty(cloud.Recycler.Recycled);
    }

    private static JsonObject Stored(PlatformHost cloud, ResourceKind kind, string name) => cloud.Store.Get(new ResourceKey(kind, "default", name))!.ToJson();

    /// <summary>What the reconcilers make of a new service.</summary>
    private static Task<Resource> AdoptAsync(PlatformHost cloud, string name) =>
        cloud.RevisionAsync(cloud.Store.Get(new ResourceKey(Kinds.Service, "default", name))!, $"{name}-00001");
}
