using System.Net;
using Slipway.Api.Tests.Hosting;

namespace Slipway.Api.Tests;

public sealed class ListingTests
{
    private static async Task<ApiHost> WithThreeAsync(Action<ApiHostSettings>? configure = null)
    {
        var api = await ApiHost.StartAsync(configure);
        foreach (var (name, tier) in new[] { ("c", "web"), ("a", "web"), ("b", "db") })
        {
            (await api.PostAsync(Manifests.ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"tier":"{{{tier}}}"}},"data":{"k":"v"}}"""))
                .Expect(HttpStatusCode.Created);
        }

        return api;
    }

    private static string Names(Answer answer) => string.Join(',', answer.Json["items"]!.AsArray().Select(item => item!["metadata"]!["name"]));

    [Fact]
    public async Task A_list_is_sorted_and_carries_the_version_of_the_store()
    {
        await using var api = await WithThreeAsync();
        var list = (await api.GetAsync(Manifests.ConfigMaps)).Expect(HttpStatusCode.OK);
        Assert.Equal("ConfigMapList", list.At("kind"));
        Assert.Equal("v1", list.At("apiVersion"));
        Assert.Equal(api.Store.Version.ToString(), list.At("metadata", "resourceVersion"));
        Assert.Equal("a,b,c", Names(list));
    }

    [Theory]
    [InlineData("tier=web", "a,c")]
    [InlineData("tier = web", "a,c")]
    [InlineData("tier==db", "b")]
    [InlineData("tier!=web", "b")]
    [InlineData("tier in (web, db)", "a,b,c")]
    [InlineData("tier notin (web)", "b")]
    [InlineData("tier,!other", "a,b,c")]
    [InlineData("!tier", "")]
    public async Task Label_selectors_choose(string selector, string expected)
    {
        await using var api = await WithThreeAsync();
        Assert.Equal(expected, Names(await api.GetAsync($"{Manifests.ConfigMaps}?labelSelector={Uri.EscapeDataString(selector)}")));
    }

    [Fact]
    public async Task Field_selectors_choose_by_name_and_refuse_unknown_fields()
    {
        await using var api = await WithThreeAsync();
        Assert.Equal("b", Names(await api.GetAsync($"{Manifests.ConfigMaps}?fieldSelector=metadata.name%3Db")));
        Assert.Equal("a,c", Names(await api.GetAsync($"{Manifests.ConfigMaps}?fieldSelector=metadata.name!%3Db")));
        Assert.Equal("BadRequest", (await api.GetAsync($"{Manifests.ConfigMaps}?fieldSelector=data.k%3Dv")).Expect(HttpStatusCode.BadRequest).At("reason"));
    }

    [Fact]
    public async Task A_namespace_that_does_not_exist_is_simply_empty()
    {
        await using var api = await WithThreeAsync();
        var list = (await api.GetAsync("/api/v1/namespaces/nowhere/configmaps")).Expect(HttpStatusCode.OK);
        Assert.Empty(list.Json["items"]!.AsArray());
    }

    [Fact]
    public async Task All_namespaces_are_listed_without_naming_one()
    {
        await using var api = await WithThreeAsync();
        await api.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"aaa"}}""");
        await api.PostAsync("/api/v1/namespaces/aaa/configmaps", Manifests.ConfigMap("z"));
        Assert.Equal("z,a,b,c", Names(await api.GetAsync("/api/v1/configmaps")));
    }

    [Fact]
    public async Task Pages_show_one_version_even_when_objects_come_in_between()
    {
        await using var api = await WithThreeAsync();
        var first = await api.GetAsync($"{Manifests.ConfigMaps}?limit=2");
        Assert.Equal("a,b", Names(first));
        Assert.Equal("1", first.At("metadata", "remainingItemCount"));
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("bb"));
        var second = await api.GetAsync($"{Manifests.ConfigMaps}?limit=2&continue={first.At("metadata", "continue")}");
        Assert.Equal("c", Names(second));
        Assert.Equal(first.At("metadata", "resourceVersion"), second.At("metadata", "resourceVersion"));
        Assert.Null(second.Json["metadata"]!["continue"]);
    }

    [Fact]
    public async Task A_page_that_is_no_longer_kept_is_a_410()
    {
        await using var api = await WithThreeAsync(settings => settings.Options = new ApiOptions { PagedListsMax = 1 });
        var first = await api.GetAsync($"{Manifests.ConfigMaps}?limit=1");
        await api.GetAsync($"{Manifests.ConfigMaps}?limit=1");
        var late = await api.GetAsync($"{Manifests.ConfigMaps}?limit=1&continue={first.At("metadata", "continue")}");
        Assert.Equal("Expired", late.Expect(HttpStatusCode.Gone).At("reason"));
    }

    [Theory]
    [InlineData("limit=-1")]
    [InlineData("limit=many")]
    [InlineData("continue=made-up")]
    [InlineData("labelSelector=a%3D%3D%3Db")]
    public async Task Wrong_parameters_are_refused(string query)
    {
        await using var api = await WithThreeAsync();
        (await api.GetAsync($"{Manifests.ConfigMaps}?{query}")).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Metadata_alone_can_be_asked_for()
    {
        await using var api = await WithThreeAsync();
        var list = await api.GetAsync(Manifests.ConfigMaps, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        Assert.Equal("PartialObjectMetadataList", list.At("kind"));
        Assert.Equal("PartialObjectMetadata", list.At("items", "0", "kind"));
        Assert.Null(list.Json["items"]![0]!["data"]);
    }

    [Fact]
    public async Task A_form_nobody_can_write_is_a_406()
    {
        await using var api = await WithThreeAsync();
        Assert.Equal("NotAcceptable", (await api.GetAsync(Manifests.ConfigMaps, "application/xml")).Expect(HttpStatusCode.NotAcceptable).At("reason"));
    }
}
