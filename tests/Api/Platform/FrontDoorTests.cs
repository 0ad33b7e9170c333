using System.Net;
using Slipway.Api.Tests.Platform.World;

namespace Slipway.Api.Tests.Platform;

public sealed class FrontDoorTests
{
    [Fact]
    public async Task Nobody_comes_in_without_a_credential()
    {
        await using var cloud = await PlatformHost.StartAsync();
        foreach (var path in new[] { "/api/containers", "/api/services", "/api/nothing" })
        {
            var answer = (await cloud.GetAsync(path, token: null)).ExpectProblem(HttpStatusCode.Unauthorized, "unauthenticated");
            Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
        }

        (await cloud.GetAsync("/api/containers", "a-wrong-token")).ExpectProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task An_unknown_resource_is_a_problem_and_a_wrong_method_names_the_right_ones()
    {
        await using var cloud = await PlatformHost.StartAsync();

        (await cloud.GetAsync("/api/users")).ExpectProblem(HttpStatusCode.NotFound, "unknownResource");
        (await cloud.GetAsync("/api/containers/a/b/c")).ExpectProblem(HttpStatusCode.NotFound, "unknownResource");
        var refused = (await cloud.SendAsync(HttpMethod.Patch, "/api/containers/a", "{}")).ExpectProblem(HttpStatusCode.MethodNotAllowed, "methodNotAllowed");
        Assert.Contains("GET", refused.Headers["Allow"]);
    }

    [Fact]
    public async Task The_Kubernetes_API_keeps_its_paths()
    {
        await using var cloud = await PlatformHost.StartAsync();

        Assert.Equal("APIVersions", (await cloud.GetAsync("/api")).Expect(HttpStatusCode.OK).At("kind"));
        Assert.Equal("NamespaceList", (await cloud.GetAsync("/api/v1/namespaces")).Expect(HttpStatusCode.OK).At("kind"));
        Assert.Equal("Status", (await cloud.GetAsync("/api/v1/namespaces/nowhere")).Expect(HttpStatusCode.NotFound).At("kind"));
    }

    [Fact]
    public async Task The_callers_request_id_comes_back_and_a_useless_one_is_replaced()
    {
        await using var cloud = await PlatformHost.StartAsync();

        var kept = await cloud.SendAsync(HttpMethod.Get, "/api/services", null, PlatformHost.AdminToken, ("X-Request-Id", "my-own-request-1"));
        var replaced = await cloud.SendAsync(HttpMethod.Get, "/api/services", null, PlatformHost.AdminToken, ("X-Request-Id", "a b"));

        Assert.Equal("my-own-request-1", kept.Headers["X-Request-Id"]);
        Assert.True(Guid.TryParse(replaced.Headers["X-Request-Id"], out _));
    }

    [Fact]
    public async Task A_refusal_carries_the_trace_it_belongs_to()
    {
        await using var cloud = await PlatformHost.StartAsync();

        var answer = await cloud.SendAsync(
            HttpMethod.Get, "/api/containers/none", null, PlatformHost.AdminToken, ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", answer.ExpectProblem(HttpStatusCode.NotFound, "notFound").At("traceId"));
    }
}
