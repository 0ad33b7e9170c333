using System.Text;
using Slipway.Gateway.Tests.World;
using Slipway.Model;
using Slipway.Model.Platform;
using Slipway.Model.Resources;

namespace Slipway.Gateway.Tests;

public sealed class PolicyTests
{
    [Fact]
    public async Task A_used_up_rate_limit_refuses_with_429_and_says_when_to_come_back()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);
        Attach(world, new TrafficPolicySpec { RateLimits = [new RateLimitSpec { Name = "login", RequestsPerSecond = 0.001, Burst = 3, PathPrefix = "/login" }] });
        await world.RoutedAsync();

        for (var left = 2; left >= 0; left--)
        {
            var answer = await world.GetAsync("shop.localhost", "/login/form");
            Assert.Equal(200, answer.Status);
            Assert.Equal("\"login\";q=3;w=3000", answer.Field("RateLimit-Policy"));
            Assert.StartsWith($"\"login\";r={left};t=", answer.Field("RateLimit"), StringComparison.Ordinal);
        }

        var refused = await world.GetAsync("shop.localhost", "/login");
        Assert.Equal((429, "rateLimited"), (refused.Status, refused.Code));
        Assert.InRange(int.Parse(refused.Field("Retry-After")!), 900, 1000);
        Assert.Contains("\"violated-policies\":[\"login\"]", refused.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await world.GetAsync("shop.localhost", "/loginx")).Status);
    }

    [Fact]
    public async Task A_changed_split_does_not_give_callers_a_new_budget()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);
        Attach(world, new TrafficPolicySpec { RateLimits = [new RateLimitSpec { RequestsPerSecond = 0.001, Burst = 1, Key = "route" }] });
        await world.RoutedAsync();
        Assert.Equal(200, (await world.GetAsync("shop.localhost")).Status);

        world.Route("shop", ("shop-00001", 100, "again"));
        await world.RoutedAsync();

        Assert.Equal(429, (await world.GetAsync("shop.localhost")).Status);
    }

    [Fact]
    public async Task Only_tokens_that_are_signed_current_and_meant_for_the_service_pass()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(request => request.OkAsync(request.Field("X-Slipway-Subject") ?? "nobody"));
        await world.ServeAsync("shop", shop);
        using var tokens = new Tokens();
        using var strangers = new Tokens();
        world.Store.Put(Resource.Of(Kinds.Secret, GatewayWorld.Meta("keys"), "data",
            new Dictionary<string, string> { ["jwks.json"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(tokens.Jwks)) }, KindsJson.Default.DictionaryStringString));
        Attach(world, new TrafficPolicySpec
        {
            Authentication = new AuthenticationSpec
            {
                Mode = "jwt", Issuer = "https://id.example", Audiences = ["shop", "all"], JwksSecretName = "keys", AllowPaths = ["/public"],
            },
        });
        await world.RoutedAsync();
        var good = tokens.Sign(Tokens.Claims());
        var parts = good.Split('.');

        Assert.Equal((401, "unauthenticated"), Seen(await world.GetAsync("shop.localhost")));
        Assert.Equal("nobody", (await world.GetAsync("shop.localhost", "/public/a", "X-Slipway-Subject: root\r\n")).Body);
        Assert.Equal((400, "ambiguousPath"), Seen(await world.GetAsync("shop.localhost", "/public/../admin")));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("ada", (await world.GetAsync("shop.localhost", extra: $"Authorization: Bearer {good}\r\n")).Body);
        }

        string[] hostile =
        [
            strangers.Sign(Tokens.Claims()),
            tokens.Sign(Tokens.Claims(expiresIn: -60)),
            tokens.Sign(Tokens.Claims(issuer: "https://evil.example")),
            tokens.Sign(Tokens.Claims(audience: "other")),
            tokens.Sign("""{"iss":"https://id.example","aud":"shop","sub":"ada"}"""),
            tokens.Sign(Tokens.Claims(), """{"alg":"HS256","kid":"k1"}"""),
            tokens.Sign(Tokens.Claims(), """{"alg":"ES256","kid":"unknown"}"""),
            tokens.Sign(Tokens.Claims(), """{"alg":"ES256","kid":"k1","crit":["x"],"x":1}"""),
            $"{Tokens.Encode("""{"alg":"none"}""")}.{parts[1]}.",
            $"{parts[0]}.{Tokens.Encode(Tokens.Claims(subject: "root"))}.{parts[2]}",
            "not.a.token", "x",
        ];
        foreach (var token in hostile)
        {
            var answer = await world.GetAsync("shop.localhost", extra: $"Authorization: Bearer {token}\r\n");
            Assert.Equal((token, 401, "invalidToken"), (token, answer.Status, answer.Code));
            Assert.StartsWith("Bearer", answer.Field("WWW-Authenticate"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tokens_of_a_service_that_issues_them_pass_under_the_name_it_gives_itself()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);
        using var tokens = new Tokens();
        Attach(world, new TrafficPolicySpec
        {
            Authentication = new AuthenticationSpec { Mode = "jwt", Audiences = ["shop"], IssuerService = "identity", PassApiKeys = true },
        });
        await world.RoutedAsync();
        var good = tokens.Sign(Tokens.Claims());
        Assert.Equal((503, "authenticationUnavailable"), Seen(await world.GetAsync("shop.localhost", extra: $"Authorization: Bearer {good}\r\n")));

        world.Store.Put(Resource.Of(Kinds.Secret, GatewayWorld.Meta(AuthenticationSpec.IssuerSecretName("policy")), "data", new Dictionary<string, string>
        {
            ["issuer"] = Convert.ToBase64String("https://id.example"u8),
            ["jwks.json"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(tokens.Jwks)),
        }, KindsJson.Default.DictionaryStringString));
        await world.RoutedAsync();

        Assert.Equal(200, (await world.GetAsync("shop.localhost", extra: $"Authorization: Bearer {good}\r\n")).Status);
        var stranger = tokens.Sign(Tokens.Claims(issuer: "https://evil.example"));
        Assert.Equal((401, "invalidToken"), Seen(await world.GetAsync("shop.localhost", extra: $"Authorization: Bearer {stranger}\r\n")));
        Assert.Equal(200, (await world.GetAsync("shop.localhost", extra: "Authorization: Bearer slp_live_1_2\r\n")).Status);
        Assert.Equal((401, "unauthenticated"), Seen(await world.GetAsync("shop.localhost")));
    }

    [Fact]
    public async Task A_policy_without_usable_keys_lets_nobody_in()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);
        Attach(world, new TrafficPolicySpec { Authentication = new AuthenticationSpec { Mode = "jwt", JwksSecretName = "missing" } });
        await world.RoutedAsync();

        Assert.Equal((503, "authenticationUnavailable"), Seen(await world.GetAsync("shop.localhost", extra: "Authorization: Bearer x\r\n")));
    }

    [Fact]
    public async Task Preflights_are_answered_and_origins_marked()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok", "Access-Control-Allow-Origin: *\r\n");
        await world.ServeAsync("shop", shop);
        Attach(world, new TrafficPolicySpec
        {
            Cors = new CorsSpec { AllowOrigins = ["https://a.example"], AllowMethods = ["GET", "PUT"], AllowHeaders = ["X-One"], AllowCredentials = true, MaxAgeSeconds = 60, ExposeHeaders = ["ETag"] },
        });
        await world.RoutedAsync();

        var preflight = await world.GetAsync("shop.localhost", "/", "Origin: https://a.example\r\nAccess-Control-Request-Method: PUT\r\n", "OPTIONS");
        var allowed = await world.GetAsync("shop.localhost", "/", "Origin: https://a.example\r\n");
        var foreign = await world.GetAsync("shop.localhost", "/", "Origin: https://b.example\r\n");

        Assert.Equal(204, preflight.Status);
        Assert.Equal(("https://a.example", "GET, PUT", "X-One", "60", "true"), (
            preflight.Field("Access-Control-Allow-Origin"), preflight.Field("Access-Control-Allow-Methods"), preflight.Field("Access-Control-Allow-Headers"),
            preflight.Field("Access-Control-Max-Age"), preflight.Field("Access-Control-Allow-Credentials")));
        Assert.Equal(("https://a.example", "ETag"), (allowed.Field("Access-Control-Allow-Origin"), allowed.Field("Access-Control-Expose-Headers")));
        Assert.Null(foreign.Field("Access-Control-Allow-Origin"));
        Assert.Equal("Origin", foreign.Field("Vary"));
    }

    [Fact]
    public async Task A_failing_service_is_left_alone_until_one_probe_succeeds()
    {
        await using var world = await GatewayWorld.StartAsync();
        var failing = true;
        await using var shop = new Upstream(request => Volatile.Read(ref failing)
            ? request.SendAsync("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")
            : request.OkAsync());
        await world.ServeAsync("shop", shop);
        Attach(world, new TrafficPolicySpec { CircuitBreaker = new CircuitBreakerSpec { RequestsMin = 4, FailurePercent = 50, Window = "60s", Reset = "300ms" } });
        await world.RoutedAsync();

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(500, (await world.GetAsync("shop.localhost")).Status);
        }

        var open = await world.GetAsync("shop.localhost");
        Assert.Equal((503, "circuitOpen"), Seen(open));
        Assert.NotNull(open.Field("Retry-After"));
        Volatile.Write(ref failing, false);
        Answer answer;
        do
        {
            answer = await world.GetAsync("shop.localhost");
        }
        while (answer.Status == 503);

        Assert.Equal(200, answer.Status);
        Assert.Equal(200, (await world.GetAsync("shop.localhost")).Status);
    }

    [Fact]
    public async Task Idempotent_requests_are_tried_again_and_others_are_not()
    {
        await using var world = await GatewayWorld.StartAsync();
        var calls = 0;
        await using var shop = new Upstream(request => Interlocked.Increment(ref calls) % 2 == 1
            ? request.SendAsync("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
            : request.OkAsync(request.Body));
        await world.ServeAsync("shop", shop);
        Attach(world, new TrafficPolicySpec { Retry = new RetrySpec { Attempts = 2, BudgetPercent = 100 } });
        await world.RoutedAsync();

        Assert.Equal("again", (await world.GetAsync("shop.localhost", "/", "Content-Length: 5\r\n", "PUT", "again")).Body);
        Assert.Equal(2, Volatile.Read(ref calls));
        Assert.Equal(503, (await world.GetAsync("shop.localhost", "/", "Content-Length: 5\r\n", "POST", "again")).Status);
        Assert.Equal(3, Volatile.Read(ref calls));
    }

    [Fact]
    public async Task The_oldest_of_two_policies_for_one_target_counts()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);
        Attach(world, new TrafficPolicySpec { RateLimits = [new RateLimitSpec { Name = "first", RequestsPerSecond = 100, Burst = 100 }] }, "z-first");
        Attach(world, new TrafficPolicySpec { RateLimits = [new RateLimitSpec { Name = "second", RequestsPerSecond = 100, Burst = 100 }] }, "a-second");
        await world.RoutedAsync();

        Assert.StartsWith("\"first\"", (await world.GetAsync("shop.localhost")).Field("RateLimit"), StringComparison.Ordinal);
    }

    private static (int, string?) Seen(Answer answer) => (answer.Status, answer.Code);

    private static void Attach(GatewayWorld world, TrafficPolicySpec spec, string name = "policy") => world.Store.Put(Resource.Of(
        Kinds.TrafficPolicy, GatewayWorld.Meta(name), "spec", spec with { TargetRef = new TargetReference { Kind = "Service", Name = "shop" } }, KindsJson.Default.TrafficPolicySpec));
}
