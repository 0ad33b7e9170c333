using System.Net;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests;

public sealed class WatchingTests
{
    [Fact]
    public async Task Without_a_version_the_present_comes_first_and_then_the_changes()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        await using var watch = await WatchReader.OpenAsync(api, $"{Manifests.ConfigMaps}?watch=true");
        Assert.Equal("ADDED one", await watch.SummaryAsync());
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("two"));
        Assert.Equal("ADDED two", await watch.SummaryAsync());
        await api.PatchAsync($"{Manifests.ConfigMaps}/two", "application/merge-patch+json", """{"data":{"a":"b"}}""");
        Assert.Equal("MODIFIED two", await watch.SummaryAsync());
        await api.DeleteAsync($"{Manifests.ConfigMaps}/one");
        Assert.Equal("DELETED one", await watch.SummaryAsync());
    }

    [Fact]
    public async Task From_a_version_every_later_change_is_replayed_in_order()
    {
        await using var api = await ApiHost.StartAsync();
        var version = api.Store.Version;
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        await api.DeleteAsync($"{Manifests.ConfigMaps}/one");
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("two"));
        await using var watch = await WatchReader.OpenAsync(api, $"{Manifests.ConfigMaps}?watch=1&resourceVersion={version}");
        var events = new[] { (await watch.NextAsync())!, (await watch.NextAsync())!, (await watch.NextAsync())! };
        Assert.Equal(["ADDED", "DELETED", "ADDED"], events.Select(one => one["type"]!.ToString()));
        var versions = events.Select(one => long.Parse(one["object"]!["metadata"]!["resourceVersion"]!.ToString())).ToList();
        Assert.Equal(versions.Order(), versions);
        Assert.Equal(3, versions.Distinct().Count());
    }

    [Fact]
    public async Task Leaving_the_selector_looks_like_deletion_and_entering_like_creation()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, """{"metadata":{"name":"one","labels":{"on":"yes"}}}""");
        await using var watch = await WatchReader.OpenAsync(api, $"{Manifests.ConfigMaps}?watch=true&labelSelector=on%3Dyes");
        Assert.Equal("ADDED one", await watch.SummaryAsync());
        var left = await api.PatchAsync($"{Manifests.ConfigMaps}/one", "application/merge-patch+json", """{"metadata":{"labels":{"on":"no"}}}""");
        var gone = (await watch.NextAsync())!;
        Assert.Equal("DELETED", gone["type"]!.ToString());
        Assert.Equal(left.At("metadata", "resourceVersion"), gone["object"]!["metadata"]!["resourceVersion"]!.ToString());
        await api.PatchAsync($"{Manifests.ConfigMaps}/one", "application/merge-patch+json", """{"metadata":{"labels":{"on":"yes"}}}""");
        Assert.Equal("ADDED one", await watch.SummaryAsync());
    }

    [Fact]
    public async Task A_named_watch_from_the_current_version_repeats_the_settled_object_once()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.Services, Manifests.Service("shop"));
        await api.SetStatusAsync(new ResourceKey(Kinds.Service, "default", "shop"), """{"observedGeneration":1,"conditions":[{"type":"Ready","status":"True"}]}""");
        var read = await api.GetAsync($"{Manifests.Services}/shop");
        await using var watch = await WatchReader.OpenAsync(
            api, $"{Manifests.Services}?watch=true&fieldSelector=metadata.name%3Dshop&resourceVersion={read.At("metadata", "resourceVersion")}");
        var settled = (await watch.NextAsync())!;
        Assert.Equal("MODIFIED", settled["type"]!.ToString());
        Assert.Equal("True", settled["object"]!["status"]!["conditions"]![0]!["status"]!.ToString());
        await api.DeleteAsync($"{Manifests.Services}/shop");
        Assert.Equal("DELETED shop", await watch.SummaryAsync());
    }

    [Fact]
    public async Task A_named_watch_of_an_object_that_has_moved_on_only_replays()
    {
        await using var api = await ApiHost.StartAsync();
        var made = await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        await api.PatchAsync($"{Manifests.ConfigMaps}/one", "application/merge-patch+json", """{"data":{"a":"b"}}""");
        await using var watch = await WatchReader.OpenAsync(
            api, $"{Manifests.ConfigMaps}?watch=true&fieldSelector=metadata.name%3Done&resourceVersion={made.At("metadata", "resourceVersion")}");
        Assert.Equal("MODIFIED one", await watch.SummaryAsync());
        await api.DeleteAsync($"{Manifests.ConfigMaps}/one");
        Assert.Equal("DELETED one", await watch.SummaryAsync());
    }

    [Fact]
    public async Task A_version_nobody_remembers_is_an_error_event_with_410()
    {
        await using var api = await ApiHost.StartAsync();
        await using var watch = await WatchReader.OpenAsync(api, $"{Manifests.ConfigMaps}?watch=true&resourceVersion=99999");
        var error = (await watch.NextAsync())!;
        Assert.Equal("ERROR", error["type"]!.ToString());
        Assert.Equal("410", error["object"]!["code"]!.ToString());
        Assert.Equal("Expired", error["object"]!["reason"]!.ToString());
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task A_watch_with_a_timeout_ends_with_a_bookmark()
    {
        await using var api = await ApiHost.StartAsync();
        await using var watch = await WatchReader.OpenAsync(
            api, $"{Manifests.ConfigMaps}?watch=true&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion={api.Store.Version}");
        var bookmark = (await watch.NextAsync())!;
        Assert.Equal("BOOKMARK", bookmark["type"]!.ToString());
        Assert.Equal("ConfigMap", bookmark["object"]!["kind"]!.ToString());
        Assert.Equal(api.Store.Version.ToString(), bookmark["object"]!["metadata"]!["resourceVersion"]!.ToString());
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Bookmarks_come_while_nothing_happens()
    {
        await using var api = await ApiHost.StartAsync(settings => settings.Options = new ApiOptions { BookmarkInterval = TimeSpan.FromMilliseconds(20) });
        await using var watch = await WatchReader.OpenAsync(api, $"{Manifests.ConfigMaps}?watch=true&allowWatchBookmarks=true&resourceVersion={api.Store.Version}");
        Assert.Equal("BOOKMARK", await watch.SummaryAsync());
        Assert.Equal("BOOKMARK", await watch.SummaryAsync());
    }

    [Fact]
    public async Task Initial_events_end_with_an_annotated_bookmark()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        await using var watch = await WatchReader.OpenAsync(
            api, $"{Manifests.ConfigMaps}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan");
        Assert.Equal("ADDED one", await watch.SummaryAsync());
        var end = (await watch.NextAsync())!;
        Assert.Equal("true", end["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!.ToString());
    }

    [Fact]
    public async Task In_a_table_watch_every_event_is_a_table_of_one_row()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one", "a", "b"));
        await using var watch = await WatchReader.OpenAsync(api, $"{Manifests.ConfigMaps}?watch=true", "application/json;as=Table;v=v1;g=meta.k8s.io");
        var first = (await watch.NextAsync())!["object"]!;
        Assert.Equal("Table", first["kind"]!.ToString());
        Assert.Equal("Name", first["columnDefinitions"]![0]!["name"]!.ToString());
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("two"));
        var second = (await watch.NextAsync())!["object"]!;
        Assert.Empty(second["columnDefinitions"]!.AsArray());
        Assert.Equal("two", second["rows"]![0]!["cells"]![0]!.ToString());
    }

    [Fact]
    public async Task One_watch_too_many_is_a_429()
    {
        await using var api = await ApiHost.StartAsync(settings => settings.Options = new ApiOptions { WatchesMax = 1 });
        await using var first = await WatchReader.OpenAsync(api, $"{Manifests.ConfigMaps}?watch=true");
        var second = await api.GetAsync($"{Manifests.ConfigMaps}?watch=true");
        Assert.Equal("TooManyRequests", second.Expect(HttpStatusCode.TooManyRequests).At("reason"));
    }

    [Theory]
    [InlineData("resourceVersion=abc")]
    [InlineData("timeoutSeconds=soon")]
    public async Task Wrong_parameters_are_refused_before_the_stream_begins(string query)
    {
        await using var api = await ApiHost.StartAsync();
        (await api.GetAsync($"{Manifests.ConfigMaps}?watch=true&{query}")).Expect(HttpStatusCode.BadRequest);
    }
}
