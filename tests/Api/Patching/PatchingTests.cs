using System.Net;
using Slipway.Api.Tests.Hosting;

namespace Slipway.Api.Tests.Patching;

public sealed class PatchingTests
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";

    [Theory]
    [InlineData(Json, """[{"op":"add","path":"/data/b","value":"2"}]""")]
    [InlineData(Merge, """{"data":{"b":"2"}}""")]
    [InlineData(Strategic, """{"data":{"b":"2"}}""")]
    public async Task A_config_map_takes_every_language(string type, string patch)
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one", "a", "1"));
        var patched = (await api.PatchAsync($"{Manifests.ConfigMaps}/one", type, patch)).Expect(HttpStatusCode.OK);
        Assert.Equal("1", patched.At("data", "a"));
        Assert.Equal("2", patched.At("data", "b"));
    }

    [Theory]
    [InlineData(Strategic)]
    [InlineData("application/json")]
    public async Task Serving_kinds_answer_other_languages_with_the_ones_they_know(string type)
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.Services, Manifests.Service("shop"));
        var answer = (await api.PatchAsync($"{Manifests.Services}/shop", type, "{}")).Expect(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("UnsupportedMediaType", answer.At("reason"));
        Assert.Contains(Merge, answer.At("message"));
        Assert.DoesNotContain("strategic", answer.At("message"));
    }

    [Fact]
    public async Task A_failed_test_is_a_422_and_changes_nothing()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one", "a", "1"));
        var version = api.Store.Version;
        var answer = await api.PatchAsync($"{Manifests.ConfigMaps}/one", Json, """[{"op":"replace","path":"/data/a","value":"2"},{"op":"test","path":"/data/a","value":"1"}]""");
        Assert.Equal("Invalid", answer.Expect(HttpStatusCode.UnprocessableEntity).At("reason"));
        Assert.Equal(version, api.Store.Version);
    }

    [Fact]
    public async Task A_version_inside_a_patch_is_a_precondition()
    {
        await using var api = await ApiHost.StartAsync();
        var made = await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        (await api.PatchAsync($"{Manifests.ConfigMaps}/one", Merge, """{"metadata":{"resourceVersion":"1"},"data":{"a":"b"}}""")).Expect(HttpStatusCode.Conflict);
        (await api.PatchAsync($"{Manifests.ConfigMaps}/one", Merge, $$$"""{"metadata":{"resourceVersion":"{{{made.At("metadata", "resourceVersion")}}}"},"data":{"a":"b"}}""")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_patch_cannot_rename_or_move()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        (await api.PatchAsync($"{Manifests.ConfigMaps}/one", Merge, """{"metadata":{"name":"two"}}""")).Expect(HttpStatusCode.BadRequest);
        (await api.PatchAsync($"{Manifests.ConfigMaps}/one", Merge, """{"metadata":{"namespace":"two"}}""")).Expect(HttpStatusCode.BadRequest);
        (await api.PatchAsync($"{Manifests.ConfigMaps}/one", Json, """[{"op":"remove","path":"/metadata"}]""")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(Json, "{}")]
    [InlineData(Json, "[")]
    [InlineData(Json, """[{"op":"add","op":"remove","path":"/data"}]""")]
    [InlineData(Merge, "[]")]
    [InlineData(Merge, "")]
    public async Task A_patch_that_cannot_be_read_is_no_server_error(string type, string patch)
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one", "a", "1"));
        var answer = await api.PatchAsync($"{Manifests.ConfigMaps}/one", type, patch);
        Assert.True((int)answer.Code < 500, answer.Text);
    }

    [Fact]
    public async Task Force_belongs_to_apply_only()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        (await api.PatchAsync($"{Manifests.ConfigMaps}/one?force=true", Merge, "{}")).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_patch_of_the_status_leaves_the_spec_alone()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.Services, Manifests.Service("shop"));
        var patched = await api.PatchAsync($"{Manifests.Services}/shop/status", Merge, """{"status":{"url":"http://shop"},"spec":{"template":{"spec":{"timeoutSeconds":1}}}}""");
        Assert.Equal("http://shop", patched.Expect(HttpStatusCode.OK).At("status", "url"));
        Assert.Equal("300", patched.At("spec", "template", "spec", "timeoutSeconds"));
    }
}
