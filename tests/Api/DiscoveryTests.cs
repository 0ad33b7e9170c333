using System.Net;
using System.Text.Json.Nodes;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests;

public sealed class DiscoveryTests
{
    [Fact]
    public async Task The_version_is_one_that_client_wrappers_understand()
    {
        await using var api = await ApiHost.StartAsync();
        Assert.Matches(@"^v1\.31\.\d+\+slipway", (await api.GetAsync("/version")).At("gitVersion")!);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz?verbose")]
    public async Task Health_answers_ok_to_anyone(string path)
    {
        await using var api = await ApiHost.StartAsync(settings => settings.Access = new());
        Assert.Equal("ok", (await api.GetAsync(path)).Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task Every_kind_is_listed_with_its_names_and_verbs()
    {
        await using var api = await ApiHost.StartAsync();
        var resources = (await api.GetAsync("/apis/serving.knative.dev/v1")).Json["resources"]!.AsArray();
        var service = resources.Single(resource => resource!["name"]!.ToString() == "services")!;
        Assert.Equal("Service", service["kind"]!.ToString());
        Assert.Equal("""["ksvc","kservice"]""", service["shortNames"]!.ToJsonString());
        Assert.Equal("""["all","knative","serving"]""", service["categories"]!.ToJsonString());
        Assert.Equal("""["get","list","watch","create","update","patch","delete","deletecollection"]""", service["verbs"]!.ToJsonString());
        Assert.Contains(resources, resource => resource!["name"]!.ToString() == "services/status");
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("v2beta1")]
    public async Task Aggregated_discovery_repeats_the_parameters_it_chose(string version)
    {
        await using var api = await ApiHost.StartAsync();
        var type = $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";
        var answer = await api.GetAsync("/apis", $"{type},application/json");
        Assert.Equal(type, answer.ContentType.Replace(" ", ""));
        Assert.Equal($"apidiscovery.k8s.io/{version}", answer.At("apiVersion"));
        var groups = answer.Json["items"]!.AsArray().Select(item => item!["metadata"]!["name"]!.ToString());
        Assert.Equal(Kinds.All.Select(kind => kind.Group).Where(group => group.Length > 0).Distinct(), groups);
        Assert.Equal("APIGroupDiscoveryList", (await api.GetAsync("/api", type)).At("kind"));
    }

    [Fact]
    public async Task Plain_clients_get_the_legacy_documents()
    {
        await using var api = await ApiHost.StartAsync();
        Assert.Equal("APIVersions", (await api.GetAsync("/api")).At("kind"));
        Assert.Equal("APIGroupList", (await api.GetAsync("/apis")).At("kind"));
        Assert.Equal("APIGroup", (await api.GetAsync("/apis/batch")).At("kind"));
        Assert.Equal("v1", (await api.GetAsync("/api/v1")).At("groupVersion"));
    }

    [Fact]
    public async Task Every_kind_has_a_patch_operation_that_delegates_validation_to_the_server()
    {
        await using var api = await ApiHost.StartAsync();
        var index = (await api.GetAsync("/openapi/v3")).Json["paths"]!.AsObject();
        var found = new List<string>();
        foreach (var (_, entry) in index)
        {
            var document = (await api.GetAsync(entry!["serverRelativeURL"]!.ToString())).Expect(HttpStatusCode.OK);
            foreach (var (_, path) in document.Json["paths"]!.AsObject())
            {
                if (path!["patch"] is JsonObject patch)
                {
                    var kind = patch["x-kubernetes-group-version-kind"]!;
                    found.Add($"{kind["group"]}/{kind["kind"]}");
                    var parameters = patch["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.ToString());
                    Assert.Contains("fieldValidation", parameters);
                    Assert.Contains("dryRun", parameters);
                }
            }
        }

        Assert.Equal(Kinds.All.Select(kind => $"{kind.Group}/{kind.Kind}").Order(), found.Order());
    }

    [Fact]
    public async Task The_schemas_explain_the_fields_of_a_container()
    {
        await using var api = await ApiHost.StartAsync();
        var document = await api.GetAsync("/openapi/v3/apis/serving.knative.dev/v1");
        var schema = document.Json["components"]!["schemas"]!.AsObject().Single(entry => entry.Key.EndsWith(".v1.Service")).Value!;
        Assert.Equal("Service", schema["x-kubernetes-group-version-kind"]![0]!["kind"]!.ToString());
        var container = schema["properties"]!["spec"]!["properties"]!["template"]!["properties"]!["spec"]!["properties"]!["containers"]!["items"]!;
        Assert.Equal("string", container["properties"]!["image"]!["type"]!.ToString());
    }

    [Fact]
    public async Task Old_clients_get_a_small_v2_document_in_protobuf()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = await api.GetAsync("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
        Assert.Equal("application/com.github.proto-openapi.spec.v2.v1.0+protobuf", answer.ContentType);
        Assert.Equal([0x0a, 3, (byte)'2', (byte)'.', (byte)'0'], answer.Bytes[..5]);
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/apis/unknown.example/v1/namespaces/default/things")]
    [InlineData("/api/v1/namespaces/default/nodes")]
    public async Task What_is_not_served_is_the_text_that_clients_know(string path)
    {
        await using var api = await ApiHost.StartAsync();
        var answer = (await api.GetAsync(path)).Expect(HttpStatusCode.NotFound);
        Assert.Equal("404 page not found", answer.Text);
        Assert.StartsWith("text/plain", answer.ContentType);
    }
}
