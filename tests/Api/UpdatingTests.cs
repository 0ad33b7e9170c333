using System.Net;
using System.Text.Json.Nodes;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests;

public sealed class UpdatingTests
{
    private const string Shop = $"{Manifests.Services}/shop";

    private static async Task<(ApiHost Api, JsonObject Stored)> WithShopAsync(Action<ApiHostSettings>? configure = null)
    {
        var api = await ApiHost.StartAsync(configure);
        var made = await api.PostAsync(Manifests.Services, Manifests.Service("shop"));
        return (api, made.Expect(HttpStatusCode.Created).Json);
    }

    [Fact]
    public async Task Reading_an_object_and_writing_it_back_changes_nothing()
    {
        var (api, stored) = await WithShopAsync();
        await using var host = api;
        var written = (await api.PutAsync(Shop, stored.ToJsonString())).Expect(HttpStatusCode.OK);
        Assert.Equal(stored["metadata"]!["resourceVersion"]!.ToString(), written.At("metadata", "resourceVersion"));
        Assert.Equal("1", written.At("metadata", "generation"));
    }

    [Fact]
    public async Task A_stale_version_is_a_conflict_that_clients_retry()
    {
        var (api, stored) = await WithShopAsync();
        await using var host = api;
        await api.PatchAsync(Shop, "application/merge-patch+json", """{"metadata":{"labels":{"a":"b"}}}""");
        var late = (await api.PutAsync(Shop, stored.ToJsonString())).Expect(HttpStatusCode.Conflict);
        Assert.Equal("Conflict", late.At("reason"));
        Assert.Equal(
            "Operation cannot be fulfilled on services.serving.knative.dev \"shop\": the object has been modified; please apply your changes to the latest version and try again",
            late.At("message"));
    }

    [Fact]
    public async Task Without_a_version_the_write_is_unconditional()
    {
        var (api, _) = await WithShopAsync();
        await using var host = api;
        var written = await api.PutAsync(Shop, Manifests.Service("shop", "example.test/shop:2"));
        Assert.Equal("2", written.Expect(HttpStatusCode.OK).At("metadata", "generation"));
    }

    [Fact]
    public async Task Metadata_alone_does_not_move_the_generation()
    {
        var (api, _) = await WithShopAsync();
        await using var host = api;
        var written = await api.PatchAsync(Shop, "application/merge-patch+json", """{"metadata":{"annotations":{"note":"x"}}}""");
        Assert.Equal("1", written.At("metadata", "generation"));
    }

    [Fact]
    public async Task The_status_survives_an_update_and_still_shows_the_old_generation()
    {
        var (api, _) = await WithShopAsync();
        await using var host = api;
        await api.SetStatusAsync(new ResourceKey(Kinds.Service, "default", "shop"), """{"observedGeneration":1}""");
        var written = await api.PutAsync(Shop, Manifests.Service("shop", "example.test/shop:2"));
        Assert.Equal("2", written.At("metadata", "generation"));
        Assert.Equal("1", written.At("status", "observedGeneration"));
    }

    [Fact]
    public async Task A_write_to_status_changes_the_status_only()
    {
        var (api, stored) = await WithShopAsync();
        await using var host = api;
        stored["status"] = new JsonObject { ["url"] = "http://shop" };
        stored["spec"]!["template"]!["spec"]!["timeoutSeconds"] = 5;
        var written = (await api.PutAsync($"{Shop}/status", stored.ToJsonString())).Expect(HttpStatusCode.OK);
        Assert.Equal("http://shop", written.At("status", "url"));
        Assert.Equal("300", written.At("spec", "template", "spec", "timeoutSeconds"));
        Assert.Equal("1", written.At("metadata", "generation"));
    }

    [Fact]
    public async Task Another_name_in_the_body_is_refused()
    {
        var (api, _) = await WithShopAsync();
        await using var host = api;
        Assert.Equal("BadRequest", (await api.PutAsync(Shop, Manifests.Service("other"))).Expect(HttpStatusCode.BadRequest).At("reason"));
    }

    [Fact]
    public async Task A_missing_object_is_a_404()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = (await api.PutAsync($"{Manifests.Services}/none", Manifests.Service("none"))).Expect(HttpStatusCode.NotFound);
        Assert.Equal("services.serving.knative.dev \"none\" not found", answer.At("message"));
    }

    [Fact]
    public async Task A_uid_of_an_earlier_object_is_a_conflict()
    {
        var (api, stored) = await WithShopAsync();
        await using var host = api;
        stored["metadata"]!["uid"] = Guid.NewGuid().ToString();
        stored["metadata"]!.AsObject().Remove("resourceVersion");
        (await api.PutAsync(Shop, stored.ToJsonString())).Expect(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Authors_are_restored_and_follow_the_spec()
    {
        var access = new AccessOptionsOfTwo();
        var (api, _) = await WithShopAsync(settings => settings.Access = access.Options);
        await using var host = api;
        var written = await api.SendAsync(HttpMethod.Put, Shop, Manifests.Service("shop", "example.test/shop:2"), token: access.Token);
        Assert.Equal("jane@example.test", written.At("metadata", "annotations", "serving.knative.dev/creator"));
        Assert.Equal("joe", written.At("metadata", "annotations", "serving.knative.dev/lastModifier"));
        var labelled = await api.PatchAsync(Shop, "application/merge-patch+json", """{"metadata":{"labels":{"a":"b"}}}""");
        Assert.Equal("joe", labelled.At("metadata", "annotations", "serving.knative.dev/lastModifier"));
    }

    [Fact]
    public async Task Claiming_another_creator_is_refused()
    {
        var (api, stored) = await WithShopAsync();
        await using var host = api;
        stored["metadata"]!["annotations"]!["serving.knative.dev/creator"] = "somebody-else";
        var answer = (await api.PutAsync(Shop, stored.ToJsonString())).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("serving.knative.dev/creator", answer.At("message"));
    }

    [Fact]
    public async Task A_dry_run_answers_with_the_would_be_object_and_keeps_nothing()
    {
        var (api, _) = await WithShopAsync();
        await using var host = api;
        var version = api.Store.Version;
        var would = await api.PutAsync($"{Shop}?dryRun=All", Manifests.Service("shop", "example.test/shop:2"));
        Assert.Equal("2", would.Expect(HttpStatusCode.OK).At("metadata", "generation"));
        (await api.PostAsync($"{Manifests.Services}?dryRun=all", Manifests.Service("new"))).Expect(HttpStatusCode.Created);
        (await api.SendAsync(HttpMethod.Delete, $"{Shop}?dryRun=All")).Expect(HttpStatusCode.OK);
        Assert.Equal(version, api.Store.Version);
        (await api.PutAsync($"{Shop}?dryRun=Some", Manifests.Service("shop"))).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Unknown_fields_are_refused_warned_about_or_dropped_as_the_caller_wishes()
    {
        await using var api = await ApiHost.StartAsync();
        const string body = """{"metadata":{"name":"one"},"data":{"a":"1"},"dtaa":{},"data":{"a":"2"}}""";
        var strict = (await api.PostAsync($"{Manifests.ConfigMaps}?fieldValidation=Strict", body)).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("strict decoding error", strict.At("message"));
        Assert.Contains("unknown field \"dtaa\"", strict.At("message"));
        Assert.Contains("duplicate field \"data\"", strict.At("message"));
        var warned = (await api.PostAsync($"{Manifests.ConfigMaps}?dryRun=All", body)).Expect(HttpStatusCode.Created);
        Assert.Equal(2, warned.Warnings.Count);
        Assert.StartsWith("299 - \"", warned.Warnings[0]);
        Assert.Equal("2", warned.At("data", "a"));
        Assert.Empty((await api.PostAsync($"{Manifests.ConfigMaps}?fieldValidation=Ignore", body)).Expect(HttpStatusCode.Created).Warnings);
        (await api.PostAsync($"{Manifests.ConfigMaps}?fieldValidation=Perhaps", body)).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_always_refused()
    {
        await using var api = await ApiHost.StartAsync();
        var answer = await api.PostAsync($"{Manifests.ConfigMaps}?fieldValidation=Ignore", """{"metadata":{"name":"one","labels":{"a":1}}}""");
        Assert.Contains("metadata.labels", answer.Expect(HttpStatusCode.BadRequest).At("message"));
    }

    [Fact]
    public async Task An_immutable_config_map_stays_as_it_is()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, """{"metadata":{"name":"one"},"data":{"a":"1"},"immutable":true}""");
        var answer = await api.PatchAsync($"{Manifests.ConfigMaps}/one", "application/merge-patch+json", """{"data":{"a":"2"}}""");
        Assert.Equal("Invalid", answer.Expect(HttpStatusCode.UnprocessableEntity).At("reason"));
    }

    [Fact]
    public async Task A_job_applied_again_is_unchanged_even_before_its_controller_completed_it()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync("/apis/batch/v1/namespaces/default/jobs", Manifests.Job("nightly"));
        (await api.PutAsync("/apis/batch/v1/namespaces/default/jobs/nightly", Manifests.Job("nightly"))).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("")]
    [InlineData("{\"metadata\":[]}")]
    [InlineData("{\"kind\":\"Route\",\"metadata\":{\"name\":\"shop\"}}")]
    [InlineData("{\"apiVersion\":\"v2\",\"metadata\":{\"name\":\"shop\"}}")]
    public async Task A_body_that_is_no_such_object_is_a_400(string body)
    {
        var (api, _) = await WithShopAsync();
        await using var host = api;
        Assert.Equal("BadRequest", (await api.PutAsync(Shop, body)).Expect(HttpStatusCode.BadRequest).At("reason"));
    }

    [Fact]
    public async Task Concurrent_unconditional_patches_all_arrive()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            api.PatchAsync($"{Manifests.ConfigMaps}/one", "application/merge-patch+json", $$$"""{"data":{"k{{{number}}}":"v"}}""")));
        Assert.Equal(12, (await api.GetAsync($"{Manifests.ConfigMaps}/one")).Json["data"]!.AsObject().Count);
    }

    private sealed class AccessOptionsOfTwo
    {
        public string Token => "joes-token";

        public Access.AccessOptions Options => new()
        {
            Anonymous = ApiHost.Somebody,
            Tokens = [new Access.StaticToken(Token, new Access.Caller("joe", [Access.Caller.AdministratorsGroup]))],
        };
    }
}
