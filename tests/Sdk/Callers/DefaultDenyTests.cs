using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Tests.Callers;

public sealed class DefaultDenyTests
{
    [Fact]
    public void A_service_with_endpoints_nobody_gave_access_to_does_not_start_and_names_them()
    {
        var failure = Assert.Throws<ServiceMistakeException>(() => Build(app =>
        {
            app.MapGet("/open", (RequestDelegate)(_ => Task.CompletedTask)).OpenToAll("a test");
            app.MapPost("/api/v1/things/{id}", (RequestDelegate)(_ => Task.CompletedTask));
            app.MapGroup("/inner").MapDelete("/thing", (RequestDelegate)(_ => Task.CompletedTask));
        }));

        Assert.Contains("POST /api/v1/things/{id}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("DELETE /inner/thing", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/open", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_declares_for_all_its_endpoints() => Build(app =>
    {
        var group = app.MapGroup("/inner").OpenToAll("a test");
        group.MapGet("/a", (RequestDelegate)(_ => Task.CompletedTask));
        group.MapGet("/b", (RequestDelegate)(_ => Task.CompletedTask));
    });

    [Fact]
    public void An_endpoint_that_asks_for_callers_needs_a_service_that_knows_them()
    {
        var failure = Assert.Throws<ServiceMistakeException>(() => Build(app => app.MapGet("/mine", (RequestDelegate)(_ => Task.CompletedTask)).RequiresCaller()));

        Assert.Contains("UseCallers", failure.Message, StringComparison.Ordinal);
        Assert.Contains("GET /mine", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_that_was_never_declared_is_named()
    {
        var failure = Assert.Throws<ServiceMistakeException>(() => Build(app => app.MapGet("/mine", (RequestDelegate)(_ => Task.CompletedTask)).OpenToAll("a test").Limited("logn")));

        Assert.Contains("logn", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_endpoint_opens_is_open_though_its_group_is_not()
    {
        Assert.Equal([], AccessRule.InForce([new AccessRule.AnyCaller(), new AccessRule.Open("a test")]));
        Assert.Equal([new AccessRule.Scope("a:read")], AccessRule.InForce([new AccessRule.Open("a test"), new AccessRule.Scope("a:read")]));
        Assert.Equal(2, AccessRule.InForce([new AccessRule.AnyCaller(), new AccessRule.Role("admin")])!.Count);
        Assert.Null(AccessRule.InForce([]));
    }

    private static void Build(Action<WebApplication> map) =>
        ((IDisposable)SlipwayService.Create("sample", [], options => options.Environment = _ => null).Build(map)).Dispose();
}
