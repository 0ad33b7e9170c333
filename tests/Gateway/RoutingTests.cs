using System.Net;
using Slipway.Gateway.Tests.World;
using Slipway.Model;
using Slipway.Model.Gateway;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Gateway.Tests;

public sealed class RoutingTests
{
    [Fact]
    public async Task Splits_follow_the_percentages_within_binomial_bounds()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var old = Upstream.Answering("old");
        await using var fresh = Upstream.Answering("new");
        world.Route("shop", ("shop-00001", 80, null), ("shop-00002", 20, "next"), ("shop-00003", 0, "zero"));
        world.Directory.Publish("shop-00001", ready: [("a", old.Address)]);
        world.Directory.Publish("shop-00002", ready: [("b", fresh.Address)]);
        await world.RoutedAsync();
        using var client = await world.ConnectAsync();

        const int Requests = 2_000;
        for (var i = 0; i < Requests; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
            await client.ReadAnswerAsync();
        }

        // Five standard deviations of a binomial distribution; the dice are seeded anyway.
        Assert.InRange(fresh.Requests.Count, 400 - 90, 400 + 90);
        Assert.Equal(Requests, old.Requests.Count + fresh.Requests.Count);
    }

    [Fact]
    public async Task A_port_of_its_own_leads_to_a_service_whatever_host_is_named()
    {
        await using var world = await GatewayWorld.StartAsync(settings => settings with
        {
            ServicePorts = [new ServicePort(new IPEndPoint(IPAddress.Loopback, 0), "shop.default.localhost")],
        });
        await using var shop = Upstream.Answering("shop");
        await world.ServeAsync("shop", shop);
        using var http1 = new HttpClient();
        using var http2 = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var url = new Uri($"http://{world.Gateway.ServiceEndpoints[0]}/");

        Assert.Equal("shop", await http1.GetStringAsync(url));
        Assert.Equal("shop", await http2.GetStringAsync(url));
        Assert.Equal("unknownHost", (await world.GetAsync("127.0.0.1")).Code);
    }

    [Fact]
    public async Task A_tag_has_a_host_of_its_own_even_without_a_share()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var fresh = Upstream.Answering("new");
        world.Route("shop", ("shop-00001", 100, null), ("shop-00002", 0, "next"));
        world.Directory.Publish("shop-00002", ready: [("b", fresh.Address)]);
        await world.RoutedAsync();

        Assert.Equal("new", (await world.GetAsync("next-shop.default.localhost")).Body);
        Assert.Equal("new", (await world.GetAsync("next-shop.localhost")).Body);
    }

    [Theory]
    [InlineData(true, "new")]
    [InlineData(false, "old")]
    public async Task The_tag_header_counts_only_when_it_is_switched_on(bool on, string expected)
    {
        await using var world = await GatewayWorld.StartAsync(settings => settings with { TagHeader = on });
        await using var old = Upstream.Answering("old");
        await using var fresh = Upstream.Answering("new");
        world.Route("shop", ("shop-00001", 100, null), ("shop-00002", 0, "next"));
        world.Directory.Publish("shop-00001", ready: [("a", old.Address)]);
        world.Directory.Publish("shop-00002", ready: [("b", fresh.Address)]);
        await world.RoutedAsync();

        Assert.Equal(expected, (await world.GetAsync("shop.localhost", extra: "Knative-Serving-Tag: next\r\n")).Body);
    }

    [Fact]
    public async Task A_stopped_service_says_so_until_it_is_started_again()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("open");
        await world.ServeAsync("shop", shop);
        var meta = GatewayWorld.Meta("shop");

        world.Store.Put(new Resource(Kinds.Service, meta with { Annotations = new() { [ServingNames.Stopped] = "true" } }, "{}"u8.ToArray()));
        await world.RoutedAsync();
        var stopped = await world.GetAsync("shop.localhost");
        world.Store.Put(new Resource(Kinds.Service, meta, "{}"u8.ToArray()));
        await world.RoutedAsync();

        Assert.Equal((503, "serviceStopped"), (stopped.Status, stopped.Code));
        Assert.Equal("open", (await world.GetAsync("shop.localhost")).Body);
    }

    [Fact]
    public async Task A_service_without_a_ready_revision_is_known_but_not_ready()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Store.Put(new Resource(Kinds.Service, GatewayWorld.Meta("shop"), "{}"u8.ToArray()));
        await world.RoutedAsync();

        Assert.Equal("serviceNotReady", (await world.GetAsync("shop.localhost")).Code);
    }

    [Fact]
    public async Task An_internal_service_does_not_exist_for_callers_from_outside()
    {
        await using var world = await GatewayWorld.StartAsync(settings => settings with { InternalNetworks = [] });
        await using var shop = Upstream.Answering("secret");
        await world.ServeAsync("shop", shop);
        world.Store.Put(new Resource(
            Kinds.Service, GatewayWorld.Meta("shop") with { Labels = new() { [ServingNames.Visibility] = ServingNames.ClusterLocal } }, "{}"u8.ToArray()));
        await world.RoutedAsync();

        Assert.Equal("unknownHost", (await world.GetAsync("shop.localhost")).Code);
        Assert.Equal("unknownHost", (await world.GetAsync("shop.default.svc.cluster.local")).Code);
    }

    [Fact]
    public async Task A_session_cookie_keeps_a_client_on_its_instance_and_revision()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var first = Upstream.Answering("first");
        await using var second = Upstream.Answering("second");
        await using var third = Upstream.Answering("third");
        world.Revision("shop-00001", affinity: true);
        world.Revision("shop-00002", affinity: true);
        world.Route("shop", ("shop-00001", 50, null), ("shop-00002", 50, null));
        world.Directory.Publish("shop-00001", ready: [("a", first.Address), ("b", second.Address)]);
        world.Directory.Publish("shop-00002", ready: [("c", third.Address)]);
        await world.RoutedAsync();

        for (var visitor = 0; visitor < 8; visitor++)
        {
            var answer = await world.GetAsync("shop.localhost");
            var cookie = answer.Field("Set-Cookie")!;
            Assert.Contains("HttpOnly", cookie, StringComparison.Ordinal);
            Assert.Equal("private", answer.Field("Cache-Control"));
            for (var visit = 0; visit < 5; visit++)
            {
                var again = await world.GetAsync("shop.localhost", extra: $"Cookie: other=1; {cookie.Split(';')[0]}\r\n");
                Assert.Equal(answer.Body, again.Body);
                Assert.Null(again.Field("Set-Cookie"));
            }
        }
    }

    [Fact]
    public async Task Http_routes_match_in_the_order_of_precedence()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var echo = new Upstream(request => request.OkAsync(request.Field("X-Rule") ?? "none"));
        await world.ServeAsync("shop", echo);
        Put(world, "precedence", ["app.example.com", "*.example.com"],
            Rule("prefix-long", path: "/a/b"), Rule("prefix", path: "/a"), Rule("exact", path: "/a/b", type: "Exact"),
            Rule("root", path: "/"), Rule("pattern", path: "/p/[0-9]+", type: "RegularExpression"),
            Rule("method", path: "/m", method: "POST"), Rule("any-method", path: "/m"),
            Rule("header", path: "/h", headers: [("x-kind", "big")]), Rule("no-header", path: "/h"),
            Rule("query", path: "/q", query: [("page", "1")]), Rule("two-queries", path: "/q", query: [("page", "1"), ("size", "2")]));
        Put(world, "specific", ["app.example.com"], Rule("specific", path: "/only"));
        Put(world, "wild", ["*.example.com"], Rule("wild", path: "/only/longer"), Rule("wild-root", path: "/wild-only"));
        await world.RoutedAsync();

        (string Host, string Path, string Extra, string Method, string Expected)[] table =
        [
            ("app.example.com", "/a/b", "", "GET", "exact"),
            ("app.example.com", "/a/b/c", "", "GET", "prefix-long"),
            ("app.example.com", "/a/bc", "", "GET", "prefix"),
            ("app.example.com", "/ab", "", "GET", "root"),
            ("app.example.com", "/p/12", "", "GET", "pattern"),
            ("app.example.com", "/p/x", "", "GET", "root"),
            ("app.example.com", "/m", "", "POST", "method"),
            ("app.example.com", "/m", "", "GET", "any-method"),
            ("app.example.com", "/h", "X-Kind: big\r\n", "GET", "header"),
            ("app.example.com", "/h", "X-Kind: small\r\n", "GET", "no-header"),
            ("app.example.com", "/q?page=1", "", "GET", "query"),
            ("app.example.com", "/q?size=2&page=1", "", "GET", "two-queries"),
            ("app.example.com", "/only/longer", "", "GET", "specific"),
            ("other.example.com", "/only/longer", "", "GET", "wild"),
            ("a.b.example.com", "/wild-only", "", "GET", "wild-root"),
        ];
        foreach (var (host, path, extra, method, expected) in table)
        {
            Assert.Equal((path, expected), (path, (await world.GetAsync(host, path, extra, method)).Body));
        }

        Assert.Equal("unknownHost", (await world.GetAsync("example.com")).Code);
        Assert.Equal("ambiguousPath", (await world.GetAsync("app.example.com", "/a/%2e%2e/admin")).Code);
    }

    [Fact]
    public async Task Filters_rewrite_redirect_and_change_headers()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var echo = new Upstream(request => request.OkAsync(
            $"{request.Line}|{request.Field("Host")}|{request.Field("X-Set")}|{request.Field("X-Gone")}", "X-Secret: 1\r\n"));
        await world.ServeAsync("shop", echo);
        var rewriting = Rule("x", path: "/v1");
        rewriting.Filters =
        [
            new HttpRouteFilter { Type = "URLRewrite", UrlRewrite = new UrlRewrite { Hostname = "inner", Path = new PathModifier { Type = "ReplacePrefixMatch", ReplacePrefixMatch = "/v2" } } },
            new HttpRouteFilter { Type = "RequestHeaderModifier", RequestHeaderModifier = new HeaderModifier { Set = [new HeaderValue { Name = "X-Set", Value = "mine" }], Remove = ["X-Gone"] } },
            new HttpRouteFilter { Type = "ResponseHeaderModifier", ResponseHeaderModifier = new HeaderModifier { Add = [new HeaderValue { Name = "X-More", Value = "yes" }], Remove = ["X-Secret"] } },
        ];
        var redirecting = Rule("y", path: "/old");
        redirecting.Filters = [new HttpRouteFilter { Type = "RequestRedirect", RequestRedirect = new RequestRedirect { Hostname = "new.example", Scheme = "https", StatusCode = 301, Path = new PathModifier { Type = "ReplacePrefixMatch", ReplacePrefixMatch = "/" } } }];
        var nowhere = Rule("z", path: "/nowhere");
        nowhere.BackendRefs = [new HttpBackendReference { Name = "missing" }];
        Put(world, "filters", ["app.example.com"], rewriting, redirecting, nowhere);
        await world.RoutedAsync();

        var rewritten = await world.GetAsync("app.example.com", "/v1/items?q=1", "X-Set: yours\r\nX-Gone: 1\r\n");
        var redirected = await world.GetAsync("app.example.com", "/old/a?b=c");

        Assert.Equal("GET /v2/items?q=1 HTTP/1.1|inner|mine|", rewritten.Body);
        Assert.Equal("yes", rewritten.Field("X-More"));
        Assert.Null(rewritten.Field("X-Secret"));
        Assert.Equal((301, "https://new.example/a?b=c"), (redirected.Status, redirected.Field("Location")));
        Assert.Equal((500, "invalidBackend"), ((await world.GetAsync("app.example.com", "/nowhere")).Status, (await world.GetAsync("app.example.com", "/nowhere")).Code));
    }

    [Fact]
    public async Task Weights_share_the_traffic_of_a_rule()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var one = Upstream.Answering("one");
        await using var two = Upstream.Answering("two");
        await world.ServeAsync("one", one);
        await world.ServeAsync("two", two);
        var rule = Rule("w", path: "/");
        rule.BackendRefs = [new HttpBackendReference { Name = "one", Weight = 3 }, new HttpBackendReference { Name = "two", Weight = 1 }, new HttpBackendReference { Name = "missing", Weight = 0 }];
        Put(world, "weights", ["w.example.com"], rule);
        await world.RoutedAsync();
        using var client = await world.ConnectAsync();

        for (var i = 0; i < 800; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: w.example.com\r\n\r\n");
            Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        }

        Assert.InRange(two.Requests.Count, 200 - 62, 200 + 62);
    }

    [Fact]
    public async Task Routing_goes_on_from_the_kept_snapshot_when_there_is_no_store()
    {
        var path = Path.Combine(Path.GetTempPath(), $"slipway-gateway-{Guid.NewGuid():N}", "routes.json");
        try
        {
            await using var shop = Upstream.Answering("still here");
            await using (var before = await GatewayWorld.StartAsync(settings => settings with { SnapshotPath = path }))
            {
                await before.ServeAsync("shop", shop);
            }

            await using var after = await GatewayWorld.StartAsync(settings => settings with { SnapshotPath = path }, follow: false);
            after.Directory.Publish("shop-00001", ready: [("shop-0", shop.Address)]);

            Assert.Equal("still here", (await after.GetAsync("shop.localhost")).Body);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public async Task A_gateway_follows_a_store_that_was_down_at_first()
    {
        await using var world = await GatewayWorld.StartAsync(follow: false);
        await using var shop = Upstream.Answering("up");
        world.Route("shop", ("shop-00001", 100, null));
        world.Directory.Publish("shop-00001", ready: [("shop-0", shop.Address)]);
        world.Store.IsDown = true;
        world.Gateway.Follow(world.Store);

        world.Store.IsDown = false;
        await world.RoutedAsync();

        Assert.Equal("up", (await world.GetAsync("shop.localhost")).Body);
    }

    private static HttpRouteRule Rule(
        string name, string path, string type = "PathPrefix", string? method = null, (string, string)[]? headers = null, (string, string)[]? query = null) => new()
    {
        Matches =
        [
            new HttpRouteMatch
            {
                Path = new PathMatch { Type = type, Value = path },
                Method = method,
                Headers = headers?.Select(one => new NamedMatch { Name = one.Item1, Value = one.Item2 }).ToList(),
                QueryParams = query?.Select(one => new NamedMatch { Name = one.Item1, Value = one.Item2 }).ToList(),
            },
        ],
        BackendRefs = [new HttpBackendReference { Name = "shop" }],
        Filters = [new HttpRouteFilter { Type = "RequestHeaderModifier", RequestHeaderModifier = new HeaderModifier { Set = [new HeaderValue { Name = "X-Rule", Value = name }] } }],
    };

    private static void Put(GatewayWorld world, string name, List<string> hostnames, params HttpRouteRule[] rules) =>
        world.Store.Put(Resource.Of(
            Kinds.HttpRoute, GatewayWorld.Meta(name), "spec", new HttpRouteSpec { Hostnames = hostnames, Rules = [.. rules] }, KindsJson.Default.HttpRouteSpec));
}
