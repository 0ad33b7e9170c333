using System.Net;
using Slipway.Api.Access;
using Slipway.Api.Tests.Hosting;
using Slipway.Api.Tokens;

namespace Slipway.Api.Tests;

public sealed class AccessTests
{
    private static readonly AccessOptions s_access = new()
    {
        Tokens =
        [
            new StaticToken(ApiHost.AdminToken, new Caller("root", [Caller.AdministratorsGroup])),
            new StaticToken(ApiHost.ViewerToken, new Caller("vera", ["readers"])),
            new StaticToken("team-token", new Caller("tim", [])),
        ],
        Grants =
        [
            new Grant("readers", IsGroup: true, Role.Viewer, null),
            new Grant("tim", IsGroup: false, Role.Administrator, "team"),
        ],
    };

    private static Task<ApiHost> StartAsync() => ApiHost.StartAsync(settings => settings.Access = s_access);

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("a.b.c")]
    [InlineData("")]
    public async Task No_or_a_wrong_credential_is_a_401(string? token)
    {
        await using var api = await StartAsync();
        var answer = await api.SendAsync(HttpMethod.Get, Manifests.ConfigMaps, token: token);
        Assert.Equal("Unauthorized", answer.Expect(HttpStatusCode.Unauthorized).At("reason"));
    }

    public static TheoryData<string, string, string, HttpStatusCode> Attempts => new()
    {
        { ApiHost.AdminToken, "GET", Manifests.ConfigMaps, HttpStatusCode.OK },
        { ApiHost.AdminToken, "GET", "/api/v1/secrets", HttpStatusCode.OK },
        { ApiHost.ViewerToken, "GET", Manifests.ConfigMaps, HttpStatusCode.OK },
        { ApiHost.ViewerToken, "GET", "/api/v1/namespaces", HttpStatusCode.OK },
        { ApiHost.ViewerToken, "GET", "/api/v1/namespaces/default/secrets", HttpStatusCode.Forbidden },
        { ApiHost.ViewerToken, "POST", Manifests.ConfigMaps, HttpStatusCode.Forbidden },
        { ApiHost.ViewerToken, "DELETE", $"{Manifests.ConfigMaps}/x", HttpStatusCode.Forbidden },
        { ApiHost.ViewerToken, "GET", "/v1/projects/default/locations", HttpStatusCode.OK },
        { "team-token", "GET", "/api/v1/namespaces/team/secrets", HttpStatusCode.OK },
        { "team-token", "GET", Manifests.ConfigMaps, HttpStatusCode.Forbidden },
        { "team-token", "GET", "/api/v1/configmaps", HttpStatusCode.Forbidden },
        { "team-token", "GET", "/v1/projects/default/locations", HttpStatusCode.Forbidden },
        { "team-token", "GET", "/apis", HttpStatusCode.OK },
    };

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task Grants_decide(string token, string method, string path, HttpStatusCode expected)
    {
        await using var api = await StartAsync();
        (await api.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "{}", token: token)).Expect(expected);
    }

    [Fact]
    public async Task A_403_names_user_verb_resource_group_and_namespace()
    {
        await using var api = await StartAsync();
        var answer = await api.SendAsync(HttpMethod.Post, Manifests.Services, Manifests.Service("shop"), token: ApiHost.ViewerToken);
        Assert.Equal(
            "services.serving.knative.dev is forbidden: User \"vera\" cannot create resource \"services\" in API group \"serving.knative.dev\" in the namespace \"default\"",
            answer.Expect(HttpStatusCode.Forbidden).At("message"));
    }

    [Fact]
    public async Task Callers_can_ask_who_they_are_and_what_they_may()
    {
        await using var api = await StartAsync();
        var me = await api.SendAsync(HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", token: ApiHost.ViewerToken);
        Assert.Equal("vera", me.Expect(HttpStatusCode.Created).At("status", "userInfo", "username"));
        Assert.Equal("readers", me.At("status", "userInfo", "groups", "0"));
        const string path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        var may = await api.SendAsync(HttpMethod.Post, path, """{"spec":{"resourceAttributes":{"verb":"list","resource":"pods"}}}""", token: ApiHost.ViewerToken);
        Assert.Equal("true", may.Expect(HttpStatusCode.Created).At("status", "allowed"));
        var mayNot = await api.SendAsync(HttpMethod.Post, path, """{"spec":{"resourceAttributes":{"verb":"delete","resource":"pods","namespace":"default"}}}""", token: ApiHost.ViewerToken);
        Assert.Equal("false", mayNot.At("status", "allowed"));
    }

    [Fact]
    public async Task A_token_of_a_service_account_speaks_for_it_until_the_account_is_gone()
    {
        await using var api = await StartAsync();
        var token = (await api.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/serviceaccounts/default/token", """{"spec":{"expirationSeconds":600}}""", token: ApiHost.AdminToken))
            .Expect(HttpStatusCode.Created).At("status", "token")!;
        var me = await api.SendAsync(HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", token: token);
        Assert.Equal("system:serviceaccount:default:default", me.Expect(HttpStatusCode.Created).At("status", "userInfo", "username"));
        (await api.SendAsync(HttpMethod.Get, Manifests.ConfigMaps, token: token)).Expect(HttpStatusCode.Forbidden);
        await api.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/default/serviceaccounts/default", token: ApiHost.AdminToken);
        (await api.SendAsync(HttpMethod.Get, Manifests.ConfigMaps, token: token)).Expect(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_for_another_audience_does_not_open_the_api()
    {
        await using var api = await StartAsync();
        var token = (await api.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/serviceaccounts/default/token", """{"spec":{"audiences":["vault"]}}""", token: ApiHost.AdminToken))
            .At("status", "token")!;
        (await api.SendAsync(HttpMethod.Get, Manifests.ConfigMaps, token: token)).Expect(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Tokens_that_were_tampered_with_are_worthless()
    {
        await using var api = await StartAsync();
        var uid = api.Store.List(Model.Resources.Kinds.ServiceAccount, "default").Items.Single().Uid;
        var end = api.Time.GetUtcNow().AddHours(1);
        var token = api.Tokens.Issue("default", "default", uid, [TokenIssuer.ApiAudience], end);
        Assert.NotNull(api.Tokens.Verify(token));
        var parts = token.Split('.');
        Assert.Null(api.Tokens.Verify($"{parts[0]}.{parts[1]}."));
        Assert.Null(api.Tokens.Verify($"{parts[0]}.{parts[1]}"));
        var none = System.Buffers.Text.Base64Url.EncodeToString("""{"alg":"none"}"""u8);
        Assert.Null(api.Tokens.Verify($"{none}.{parts[1]}."));
        Assert.Null(api.Tokens.Verify($"{none}.{parts[1]}.{parts[2]}"));
        Assert.Null(api.Tokens.Verify(api.Tokens.Issue("default", "default", uid, [TokenIssuer.ApiAudience], api.Time.GetUtcNow().AddSeconds(-1))));
    }

    [Fact]
    public void A_token_file_is_read_line_by_line_and_errors_name_the_line()
    {
        var parsed = StaticTokenFile.Parse("# people\nabc,jane,1,\"admins,readers\"\n\ndef,joe,2\n").Value;
        Assert.Equal(["jane", "joe"], parsed.Select(token => token.Caller.User));
        Assert.Equal(["admins", "readers"], parsed[0].Caller.Groups);
        Assert.DoesNotContain("abc", parsed[0].ToString());
        Assert.Contains("line 2", StaticTokenFile.Parse("abc,jane,1\nbroken").Failure!.Detail);
    }
}
