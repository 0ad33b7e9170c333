using Slipway.Gateway.Policies;
using Slipway.Gateway.Tests.World;
using Slipway.Model;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Gateway.Tests;

public sealed class InvokerTests
{
    private const string Issuer = "https://platform.example";

    private static readonly string s_audience = new IngressSettings().UrlOf("shop.localhost");

    [Theory]
    [InlineData("""{"bindings":[{"role":"roles/run.invoker","members":["allUsers"]}]}""", null, 200)]
    [InlineData("""{"bindings":[]}""", null, 401)]
    [InlineData("""{"bindings":[]}""", "system:serviceaccount:default:robot", 403)]
    [InlineData("""{"bindings":[{"role":"roles/run.invoker","members":["allAuthenticatedUsers"]}]}""", null, 401)]
    [InlineData("""{"bindings":[{"role":"roles/run.invoker","members":["allAuthenticatedUsers"]}]}""", "system:serviceaccount:other:any", 200)]
    [InlineData("""{"bindings":[{"role":"roles/run.invoker","members":["serviceAccount:robot@default.iam.gserviceaccount.com"]}]}""", "system:serviceaccount:default:robot", 200)]
    [InlineData("""{"bindings":[{"role":"roles/run.invoker","members":["serviceAccount:robot@default.iam.gserviceaccount.com"]}]}""", "system:serviceaccount:other:robot", 403)]
    [InlineData("""{"bindings":[{"role":"roles/run.viewer","members":["allUsers"]}]}""", null, 401)]
    [InlineData("""{"bindings":[{"role":"roles/run.invoker","members":["allUsers"],"condition":{"expression":"false"}}]}""", null, 401)]
    [InlineData("not a policy", null, 401)]
    public async Task Only_those_the_policy_binds_invoke_a_service(string policy, string? subject, int expected)
    {
        using var tokens = new Tokens();
        await using var shop = Upstream.Answering("ok");
        await using var world = await GuardedAsync(tokens, shop, policy);
        var extra = subject is null ? "" : $"Authorization: Bearer {tokens.Sign(Tokens.Claims(subject, Issuer, s_audience))}\r\n";

        Assert.Equal(expected, (await world.GetAsync("shop.localhost", extra: extra)).Status);
    }

    [Fact]
    public async Task A_token_for_another_service_or_of_another_issuer_is_none()
    {
        using var tokens = new Tokens();
        await using var shop = Upstream.Answering("ok");
        await using var world = await GuardedAsync(tokens, shop, """{"bindings":[{"role":"roles/run.invoker","members":["allAuthenticatedUsers"]}]}""");

        foreach (var claims in new[] { Tokens.Claims("a", Issuer, "http://other.localhost"), Tokens.Claims("a", "https://else.example", s_audience), Tokens.Claims("a", Issuer, s_audience, -120) })
        {
            var answer = await world.GetAsync("shop.localhost", extra: $"Authorization: Bearer {tokens.Sign(claims)}\r\n");
            Assert.Equal((401, "invalidToken"), (answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task The_service_s_own_authorization_stays_its_own()
    {
        using var tokens = new Tokens();
        await using var shop = new Upstream(request => request.OkAsync(request.Field("Authorization") ?? "none"));
        await using var world = await GuardedAsync(tokens, shop, """{"bindings":[{"role":"roles/run.invoker","members":["allAuthenticatedUsers"]}]}""");
        var token = tokens.Sign(Tokens.Claims("a", Issuer, s_audience));

        var answer = await world.GetAsync("shop.localhost", extra: $"X-Serverless-Authorization: Bearer {token}\r\nAuthorization: Basic abc\r\n");

        Assert.Equal((200, "Basic abc"), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task A_policy_that_allows_anonymous_callers_still_refuses_a_wrong_token_and_counts_by_a_right_one()
    {
        using var tokens = new Tokens();
        await using var shop = new Upstream(request => request.OkAsync(request.Field("X-Slipway-Subject") ?? "nobody"));
        await using var world = await GatewayWorld.StartAsync();
        await world.ServeAsync("shop", shop);
        world.Store.Put(Resource.Of(Kinds.Secret, GatewayWorld.Meta("keys"), "data",
            new Dictionary<string, string> { ["jwks.json"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(tokens.Jwks)) }, KindsJson.Default.DictionaryStringString));
        var spec = new TrafficPolicySpec
        {
            TargetRef = new TargetReference { Group = "serving.knative.dev", Kind = "Service", Name = "shop" },
            Authentication = new AuthenticationSpec { Mode = "jwt", Issuer = Issuer, Audiences = ["shop"], JwksSecretName = "keys", AllowAnonymous = true },
            RateLimits = [new RateLimitSpec { Key = "caller", RequestsPerSecond = 0.001, Burst = 1 }],
        };
        world.Store.Put(Resource.Of(Kinds.TrafficPolicy, GatewayWorld.Meta("policy"), "spec", spec, KindsJson.Default.TrafficPolicySpec));
        await world.RoutedAsync();
        string As(string subject) => $"Authorization: Bearer {tokens.Sign(Tokens.Claims(subject, Issuer))}\r\n";

        Assert.Equal("nobody", (await world.GetAsync("shop.localhost")).Body);
        Assert.Equal(429, (await world.GetAsync("shop.localhost")).Status);
        Assert.Equal(401, (await world.GetAsync("shop.localhost", extra: "Authorization: Bearer x.y.z\r\n")).Status);
        Assert.Equal("ada", (await world.GetAsync("shop.localhost", extra: As("ada"))).Body);
        Assert.Equal("bob", (await world.GetAsync("shop.localhost", extra: As("bob"))).Body);
        Assert.Equal(429, (await world.GetAsync("shop.localhost", extra: As("ada"))).Status);
    }

    private static async Task<GatewayWorld> GuardedAsync(Tokens tokens, Upstream shop, string policy)
    {
        var world = await GatewayWorld.StartAsync(settings => settings with { PlatformTokens = new PlatformTokens(Issuer, tokens.Jwks) });
        var meta = GatewayWorld.Meta("shop");
        meta.Annotations = new() { [ServingNames.InvokerPolicy] = policy };
        world.Store.Put(Resource.Of(Kinds.Service, meta, "spec", new ServiceSpec(), KindsJson.Default.ServiceSpec));
        await world.ServeAsync("shop", shop);
        return world;
    }
}
