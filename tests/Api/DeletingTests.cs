using System.Net;
using Slipway.Api.Tests.Hosting;
using Slipway.Model.Resources;

namespace Slipway.Api.Tests;

public sealed class DeletingTests
{
    [Fact]
    public async Task A_deletion_answers_with_what_is_gone_and_the_second_with_404()
    {
        await using var api = await ApiHost.StartAsync();
        var made = await api.PostAsync(Manifests.Services, Manifests.Service("shop"));
        var deleted = (await api.DeleteAsync($"{Manifests.Services}/shop")).Expect(HttpStatusCode.OK);
        Assert.Equal("Status", deleted.At("kind"));
        Assert.Equal("Success", deleted.At("status"));
        Assert.Equal("shop", deleted.At("details", "name"));
        Assert.Equal("services", deleted.At("details", "kind"));
        Assert.Equal(made.At("metadata", "uid"), deleted.At("details", "uid"));
        (await api.DeleteAsync($"{Manifests.Services}/shop")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_object_with_finalizers_lingers_until_they_are_gone()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, """{"metadata":{"name":"one","finalizers":["example.test/hold"]}}""");
        var lingering = (await api.DeleteAsync($"{Manifests.ConfigMaps}/one")).Expect(HttpStatusCode.OK);
        Assert.Equal("ConfigMap", lingering.At("kind"));
        Assert.NotNull(lingering.At("metadata", "deletionTimestamp"));
        (await api.PatchAsync($"{Manifests.ConfigMaps}/one", "application/merge-patch+json", """{"metadata":{"finalizers":null}}""")).Expect(HttpStatusCode.OK);
        (await api.GetAsync($"{Manifests.ConfigMaps}/one")).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"propagationPolicy":"Foreground"}""", "foregroundDeletion")]
    [InlineData("""{"propagationPolicy":"Orphan"}""", "orphan")]
    [InlineData("""{"apiVersion":"serving.knative.dev/v1","kind":"DeleteOptions","orphanDependents":true}""", "orphan")]
    public async Task Propagation_is_taken_from_the_body(string body, string finalizer)
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.Services, Manifests.Service("shop"));
        var lingering = await api.DeleteAsync($"{Manifests.Services}/shop", body);
        Assert.Equal(finalizer, lingering.Expect(HttpStatusCode.OK).At("metadata", "finalizers", "0"));
    }

    [Fact]
    public async Task Options_are_also_taken_from_the_query()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.Services, Manifests.Service("shop"));
        var lingering = await api.DeleteAsync($"{Manifests.Services}/shop?propagationPolicy=Foreground");
        Assert.Equal("foregroundDeletion", lingering.At("metadata", "finalizers", "0"));
        (await api.DeleteAsync($"{Manifests.Services}/shop?propagationPolicy=Sideways")).Expect(HttpStatusCode.BadRequest);
        (await api.DeleteAsync($"{Manifests.Services}/shop?gracePeriodSeconds=soon")).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Preconditions_that_do_not_hold_are_conflicts()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("one"));
        var wrongUid = await api.DeleteAsync($"{Manifests.ConfigMaps}/one", $$$"""{"preconditions":{"uid":"{{{Guid.NewGuid()}}}"}}""");
        Assert.Equal("Conflict", wrongUid.Expect(HttpStatusCode.Conflict).At("reason"));
        (await api.DeleteAsync($"{Manifests.ConfigMaps}/one", """{"preconditions":{"resourceVersion":"1"}}""")).Expect(HttpStatusCode.Conflict);
        (await api.GetAsync($"{Manifests.ConfigMaps}/one")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_collection_is_deleted_by_selector()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync(Manifests.ConfigMaps, """{"metadata":{"name":"a","labels":{"old":"yes"}}}""");
        await api.PostAsync(Manifests.ConfigMaps, """{"metadata":{"name":"b"}}""");
        var deleted = (await api.DeleteAsync($"{Manifests.ConfigMaps}?labelSelector=old")).Expect(HttpStatusCode.OK);
        Assert.Single(deleted.Json["items"]!.AsArray());
        (await api.GetAsync($"{Manifests.ConfigMaps}/b")).Expect(HttpStatusCode.OK);
        (await api.GetAsync($"{Manifests.ConfigMaps}/a")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_namespace_goes_through_terminating_and_the_default_one_stays()
    {
        await using var api = await ApiHost.StartAsync();
        await api.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"team"}}""");
        var going = (await api.DeleteAsync("/api/v1/namespaces/team")).Expect(HttpStatusCode.OK);
        Assert.Equal("Terminating", going.At("status", "phase"));
        var late = await api.PostAsync("/api/v1/namespaces/team/configmaps", Manifests.ConfigMap("one"));
        Assert.Equal("Forbidden", late.Expect(HttpStatusCode.Forbidden).At("reason"));
        (await api.DeleteAsync("/api/v1/namespaces/default")).Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Deleting_a_pod_recycles_its_instance()
    {
        await using var api = await ApiHost.StartAsync();
        await api.StoreAsync(new Resource(Kinds.Pod, new ObjectMeta { Name = "shop-1", Namespace = "default" }, "{}"u8.ToArray()));
        var deleted = await api.DeleteAsync("/api/v1/namespaces/default/pods/shop-1", """{"gracePeriodSeconds":3}""");
        Assert.Equal("Pod", deleted.Expect(HttpStatusCode.OK).At("kind"));
        Assert.Equal(["default/shop-1 00:00:03"], api.Recycler.Recycled);
        (await api.DeleteAsync("/api/v1/namespaces/default/pods/none")).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("POST", "/api/v1/namespaces/default/pods")]
    [InlineData("DELETE", "/api/v1/namespaces/default/services/kourier")]
    [InlineData("DELETE", "/api/v1/namespaces/default/events/one")]
    [InlineData("POST", "/api/v1/namespaces/default/pods/one/exec")]
    [InlineData("DELETE", "/api/v1/namespaces")]
    public async Task What_users_may_not_do_with_a_kind_is_a_405(string method, string path)
    {
        await using var api = await ApiHost.StartAsync();
        var answer = await api.SendAsync(new HttpMethod(method), path, "{}");
        Assert.Equal("MethodNotAllowed", answer.Expect(HttpStatusCode.MethodNotAllowed).At("reason"));
    }
}
