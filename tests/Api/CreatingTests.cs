using System.Net;
using Slipway.Api.Tests.Hosting;

namespace Slipway.Api.Tests;

public sealed class CreatingTests
{
    [Fact]
    public async Task A_created_object_comes_back_with_what_the_server_owns()
    {
        await using var api = await ApiHost.StartAsync();
        var made = (await api.PostAsync(Manifests.Services, Manifests.Service("shop"))).Expect(HttpStatusCode.Created);
        Assert.True(Guid.TryParse(made.At("metadata", "uid"), out _));
        Assert.Equal("1", made.At("metadata", "generation"));
        Assert.Matches("^[0-9]+$", made.At("metadata", "resourceVersion")!);
        Assert.Matches("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$", made.At("metadata", "creationTimestamp")!);
        Assert.Equal("jane@example.test", made.At("metadata", "annotations", "serving.knative.dev/creator"));
        Assert.Equal("jane@example.test", made.At("metadata", "annotations", "serving.knative.dev/lastModifier"));
        Assert.Equal("300", made.At("spec", "template", "spec", "timeoutSeconds"));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_409_that_names_the_resource()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.Services, Manifests.Service("shop"));
        var again = (await api.PostAsync(Manifests.Services, Manifests.Service("shop"))).Expect(HttpStatusCode.Conflict);
        Assert.Equal("AlreadyExists", again.At("reason"));
        Assert.Equal("services.serving.knative.dev \"shop\" already exists", again.At("message"));
        Assert.Equal("shop", again.At("details", "name"));
        Assert.Equal("serving.knative.dev", again.At("details", "group"));
        Assert.Equal("services", again.At("details", "kind"));
    }

    [Fact]
    public async Task A_missing_namespace_is_a_404_about_the_namespace()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = (await api.PostAsync("/apis/serving.knative.dev/v1/namespaces/nowhere/services", Manifests.Service("shop", @namespace: "nowhere")))
            .Expect(HttpStatusCode.NotFound);
        Assert.Equal("namespaces \"nowhere\" not found", answer.At("message"));
        Assert.Equal("namespaces", answer.At("details", "kind"));
    }

    [Fact]
    public async Task A_namespace_in_the_body_that_differs_from_the_path_is_refused()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = await api.PostAsync(Manifests.Services, Manifests.Service("shop", @namespace: "other"));
        Assert.Equal("BadRequest", answer.Expect(HttpStatusCode.BadRequest).At("reason"));
    }

    [Fact]
    public async Task A_generated_name_is_completed_with_five_letters()
    {
        await using var api = await ApiHost.StartAsync();
        var made = await api.PostAsync(Manifests.ConfigMaps, """{"metadata":{"generateName":"settings-"}}""");
        Assert.Matches("^settings-[bcdfghjklmnpqrstvwxz2456789]{5}$", made.Expect(HttpStatusCode.Created).At("metadata", "name")!);
    }

    [Fact]
    public async Task Without_name_and_prefix_the_object_is_invalid()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = (await api.PostAsync(Manifests.ConfigMaps, """{"data":{}}""")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("Invalid", answer.At("reason"));
        Assert.Equal("metadata.name", answer.At("details", "causes", "0", "field"));
    }

    [Fact]
    public async Task Secrets_never_return_their_clear_text_field()
    {
        await using var api = await ApiHost.StartAsync();
        var made = await api.PostAsync("/api/v1/namespaces/default/secrets", """{"metadata":{"name":"key"},"stringData":{"a":"hello"}}""");
        Assert.Equal("aGVsbG8=", made.Expect(HttpStatusCode.Created).At("data", "a"));
        Assert.Equal("Opaque", made.At("type"));
        Assert.False(made.Json.ContainsKey("stringData"));
    }

    [Fact]
    public async Task Users_cannot_make_revisions()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = await api.PostAsync("/apis/serving.knative.dev/v1/namespaces/default/revisions", """{"metadata":{"name":"x"},"spec":{}}""");
        Assert.Equal("Forbidden", answer.Expect(HttpStatusCode.Forbidden).At("reason"));
    }

    [Fact]
    public async Task A_status_sent_by_a_client_is_dropped()
    {
        await using var api = await ApiHost.StartAsync();
        var manifest = Manifests.Service("shop").Replace("\"spec\":", "\"status\":{\"url\":\"http://fake\",\"address\":{}},\"spec\":");
        var made = await api.PostAsync(Manifests.Services, manifest);
        Assert.Null(made.Expect(HttpStatusCode.Created).Json["status"]);
    }

    [Fact]
    public async Task A_new_namespace_comes_with_its_default_account()
    {
        await using var api = await ApiHost.StartAsync();
        var made = (await api.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"team"}}""")).Expect(HttpStatusCode.Created);
        Assert.Equal("Active", made.At("status", "phase"));
        Assert.Equal("team", made.At("metadata", "labels", "kubernetes.io/metadata.name"));
        (await api.GetAsync("/api/v1/namespaces/team/serviceaccounts/default")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_yaml_body_is_as_good_as_json()
    {
        await using var api = await ApiHost.StartAsync();
        var made = await api.SendAsync(HttpMethod.Post, Manifests.ConfigMaps, "metadata:\n  name: plain\ndata:\n  a: \"1\"\n  text: |\n    two\n    lines\n", "application/yaml");
        Assert.Equal("two\nlines\n", made.Expect(HttpStatusCode.Created).At("data", "text"));
    }

    [Fact]
    public async Task A_body_in_an_unknown_format_is_a_415()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = await api.SendAsync(HttpMethod.Post, Manifests.ConfigMaps, "<x/>", "application/xml");
        Assert.Equal("UnsupportedMediaType", answer.Expect(HttpStatusCode.UnsupportedMediaType).At("reason"));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_a_413()
    {
        await using var api = await ApiHost.StartAsync(settings => settings.Options = new ApiOptions { BodyBytesMax = 1000 });
        var answer = await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("big", "a", new string('x', 2000)));
        Assert.Equal("RequestEntityTooLarge", answer.Expect(HttpStatusCode.RequestEntityTooLarge).At("reason"));
    }

    [Fact]
    public async Task All_validation_findings_of_a_service_come_in_one_400()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = await api.PostAsync(Manifests.Services, """
            {"metadata":{"name":"shop"},"spec":{"template":{"spec":{"containerConcurrency":-1,"containers":[{"image":""}]}}}}
            """);
        Assert.Equal("BadRequest", answer.Expect(HttpStatusCode.BadRequest).At("reason"));
        Assert.Contains("spec.template.spec.containerConcurrency", answer.At("message"));
        Assert.Contains("spec.template.spec.containers[0].image", answer.At("message"));
    }
}
