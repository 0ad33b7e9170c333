using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Slipway.Registry.Distribution;

namespace Slipway.Registry.Tests.Distribution;

public sealed class Access
{
    [Fact]
    public async Task A_stranger_is_told_where_to_get_a_token()
    {
        await using var registry = await RegistryHost.StartAsync(LoopbackAccess.None);

        using var ping = await registry.Http.GetAsync("/v2/");
        using var pull = await registry.Http.GetAsync("/v2/app/manifests/latest");

        Assert.Equal(HttpStatusCode.Unauthorized, ping.StatusCode);
        Assert.Equal($"Bearer realm=\"{registry.Address}v2/token\",service=\"slipway\"", ping.Headers.WwwAuthenticate.Single().ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, pull.StatusCode);
        Assert.Contains("scope=\"repository:app:pull\"", pull.Headers.WwwAuthenticate.Single().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_and_a_secret_are_enough_and_wrong_ones_are_not()
    {
        await using var registry = await RegistryHost.StartAsync(LoopbackAccess.None);

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(registry, "/v2/", RegistryHost.Basic(RegistryHost.Owner, RegistryHost.Secret))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(registry, "/v2/", RegistryHost.Basic(RegistryHost.Owner, "wrong"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(registry, "/v2/", new AuthenticationHeaderValue("Basic", "%%%"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(registry, "/v2/", new AuthenticationHeaderValue("Bearer", "a.b"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(registry, "/v2/secret/tags/list", RegistryHost.Basic("bob", "builder"))).StatusCode);
    }

    [Fact]
    public async Task A_token_opens_what_it_was_asked_for_and_nothing_else()
    {
        await using var registry = await RegistryHost.StartAsync(LoopbackAccess.None);

        var token = await TokenAsync(registry, "repository:public/app:pull,push", RegistryHost.Basic("bob", "builder"));

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(registry, "/v2/public/app/tags/list", token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(registry, "/v2/public/other/tags/list", token)).StatusCode);
        using var push = new HttpRequestMessage(HttpMethod.Post, "/v2/public/app/blobs/uploads/") { Headers = { Authorization = token } };
        Assert.Equal(HttpStatusCode.Unauthorized, (await registry.Http.SendAsync(push)).StatusCode);
    }

    [Fact]
    public async Task A_token_expires_and_cannot_be_altered()
    {
        await using var registry = await RegistryHost.StartAsync(LoopbackAccess.None);
        var token = await TokenAsync(registry, "repository:app:pull", RegistryHost.Basic(RegistryHost.Owner, RegistryHost.Secret));
        var altered = new AuthenticationHeaderValue("Bearer", "e30" + token.Parameter![3..]);

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(registry, "/v2/app/tags/list", altered)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(registry, "/v2/app/tags/list", token)).StatusCode);
        registry.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(registry, "/v2/app/tags/list", token)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_secret_gets_no_token()
    {
        await using var registry = await RegistryHost.StartAsync();

        using var response = await GetAsync(registry, "/v2/token?scope=repository:app:pull", RegistryHost.Basic(RegistryHost.Owner, "wrong"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task From_this_machine_pulling_may_be_open_while_pushing_is_not()
    {
        await using var registry = await RegistryHost.StartAsync(LoopbackAccess.Pull);

        Assert.Equal(HttpStatusCode.NotFound, (await registry.Http.GetAsync("/v2/app/tags/list")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await registry.Http.PostAsync("/v2/app/blobs/uploads/", null)).StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    public async Task A_web_page_or_a_proxy_on_this_machine_does_not_count_as_this_machine(string header, string value)
    {
        await using var registry = await RegistryHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/app/blobs/uploads/");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await registry.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Mounting_needs_the_right_to_read_the_other_repository()
    {
        await using var registry = await RegistryHost.StartAsync();
        var digest = await registry.PushBlobAsync("private", [1, 2, 3]);
        var token = await TokenAsync(registry, "repository:mine:pull,push", RegistryHost.Basic(RegistryHost.Owner, RegistryHost.Secret));

        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/mine/blobs/uploads/?mount={digest}&from=private") { Headers = { Authorization = token } };
        using var response = await registry.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task Copies_from_other_registries_cannot_be_overwritten()
    {
        await using var registry = await RegistryHost.StartAsync();

        using var response = await registry.Http.PostAsync("/v2/remote/docker.io/library/nginx/blobs/uploads/", null);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static Task<HttpResponseMessage> GetAsync(RegistryHost registry, string path, AuthenticationHeaderValue authorization) =>
        registry.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = authorization } });

    private static async Task<AuthenticationHeaderValue> TokenAsync(RegistryHost registry, string scope, AuthenticationHeaderValue authorization)
    {
        using var response = await GetAsync(registry, $"/v2/token?service=slipway&scope={scope}", authorization);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return new AuthenticationHeaderValue("Bearer", answer.RootElement.GetProperty("token").GetString());
    }
}
