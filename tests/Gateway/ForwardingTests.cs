using Slipway.Gateway.Tests.World;

namespace Slipway.Gateway.Tests;

public sealed class ForwardingTests
{
    [Fact]
    public async Task A_request_reaches_the_service_named_by_its_host()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("hello");
        await world.ServeAsync("shop", shop);

        foreach (var host in new[] { "shop.default.localhost", "SHOP.default.localhost:8080", "shop.localhost", "shop.default.svc.cluster.local" })
        {
            var answer = await world.GetAsync(host);

            Assert.Equal(200, answer.Status);
            Assert.Equal("hello", answer.Body);
        }
    }

    [Fact]
    public async Task An_unknown_host_is_a_problem_document()
    {
        await using var world = await GatewayWorld.StartAsync();

        var answer = await world.GetAsync("nobody.localhost", "/path");

        Assert.Equal(404, answer.Status);
        Assert.Equal("unknownHost", answer.Code);
        Assert.Contains("\"instance\":\"/path\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_requests_share_one_connection_on_both_sides()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("hello");
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();

        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
            Assert.Equal("hello", (await client.ReadAnswerAsync()).Body);
        }

        Assert.Equal(1, shop.Connections);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(request => request.OkAsync(request.Line));
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();

        await client.SendAsync(string.Concat(Enumerable.Range(0, 100).Select(i => $"GET /{i} HTTP/1.1\r\nHost: shop.localhost\r\n\r\n")));

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal($"GET /{i} HTTP/1.1", (await client.ReadAnswerAsync()).Body);
        }
    }

    [Fact]
    public async Task The_instance_sees_the_callers_fields_and_those_only_the_gateway_may_set()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);

        await world.GetAsync("shop.localhost:8080", "/a?b=c",
            "Authorization: Bearer x\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\nForwarded: for=1.1.1.1\r\n"
            + "X-Slipway-User: root\r\nK-Revision: evil\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nX-Own: 2\r\n");

        Assert.True(shop.Requests.TryDequeue(out var seen));
        Assert.Equal("GET /a?b=c HTTP/1.1", seen.Line);
        Assert.Equal("shop.localhost:8080", seen.Field("Host"));
        Assert.Equal("Bearer x", seen.Field("Authorization"));
        Assert.Equal("2", seen.Field("X-Own"));
        Assert.Equal("9.9.9.9, 127.0.0.1", seen.Field("X-Forwarded-For"));
        Assert.Equal("http", seen.Field("X-Forwarded-Proto"));
        Assert.Equal("for=127.0.0.1;host=\"shop.localhost:8080\";proto=http", seen.Field("Forwarded"));
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", seen.Field("traceparent"));
        Assert.Null(seen.Field("X-Slipway-User"));
        Assert.Null(seen.Field("K-Revision"));
        Assert.Null(seen.Field("X-Hop"));
        Assert.Null(seen.Field("Keep-Alive"));
    }

    [Fact]
    public async Task A_valid_request_id_and_trace_go_on_and_come_back()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);
        const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        var answer = await world.GetAsync("shop.localhost", extra: $"X-Request-Id: my-request-1\r\ntraceparent: {Trace}\r\n");

        Assert.True(shop.Requests.TryDequeue(out var seen));
        Assert.Equal("my-request-1", seen.Field("X-Request-Id"));
        Assert.Equal(Trace, seen.Field("traceparent"));
        Assert.Equal("my-request-1", answer.Field("X-Request-Id"));
        Assert.Matches(@"^app;dur=\d+\.\d\d$", answer.Field("Server-Timing"));
    }

    [Fact]
    public async Task An_answer_that_sets_a_cookie_is_private()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok", "Set-Cookie: a=b\r\nCache-Control: public, max-age=60\r\n");
        await world.ServeAsync("shop", shop);

        var answer = await world.GetAsync("shop.localhost");

        Assert.Equal("private", answer.Field("Cache-Control"));
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 11\r\n\r\nhello world")]
    [InlineData("POST / HTTP/1.1\r\nHost: shop.localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6; x=y\r\n world\r\n0\r\n\r\n")]
    public async Task Bodies_arrive_as_they_were_sent(string request)
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(async request =>
        {
            var body = request.Body;
            while (request.Chunked && !body.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
            {
                body += System.Text.Encoding.Latin1.GetString(await request.Reader.ReadSomeAsync());
            }

            await request.OkAsync(body);
        });
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();

        await client.SendAsync(request);
        var answer = await client.ReadAnswerAsync();
        await client.SendAsync("GET /next HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");

        Assert.Equal(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], answer.Body);
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task A_chunked_answer_keeps_its_trailers()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(request => request.SendAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: grpc-status\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\ngrpc-status: 0\r\n\r\n"));
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();

        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: shop.localhost\r\nTE: trailers\r\n\r\n");
            var answer = await client.ReadAnswerAsync();

            Assert.Equal("abcdefg", answer.Body);
            Assert.Equal("grpc-status: 0\r\n\r\n", client.Trailers);
        }

        Assert.Equal(1, shop.Connections);
    }

    [Fact]
    public async Task Answers_without_a_body_do_not_confuse_the_next_one()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(request => request.Line switch
        {
            "HEAD / HTTP/1.1" => request.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
            "GET /none HTTP/1.1" => request.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"),
            "GET /same HTTP/1.1" => request.SendAsync("HTTP/1.1 304 Not Modified\r\nContent-Length: 20\r\n\r\n"),
            _ => request.OkAsync("last"),
        });
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();

        await client.SendAsync("HEAD / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        Assert.Equal("500", (await client.ReadAnswerAsync(head: true)).Field("Content-Length"));
        await client.SendAsync("GET /none HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        Assert.Equal(204, (await client.ReadAnswerAsync()).Status);
        await client.SendAsync("GET /same HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        Assert.Equal(304, (await client.ReadAnswerAsync()).Status);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        Assert.Equal("last", (await client.ReadAnswerAsync()).Body);
    }

    [Fact]
    public async Task A_client_that_expects_100_gets_it_from_the_instance()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(async request =>
        {
            await request.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await request.OkAsync(System.Text.Encoding.Latin1.GetString(await request.Reader.ReadExactlyAsync(70_000)));
        });
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 70000\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(100, (await client.ReadAnswerAsync()).Status);
        await client.SendAsync(new string('x', 70_000));

        Assert.Equal(70_000, (await client.ReadAnswerAsync()).Body.Length);
    }

    [Fact]
    public async Task A_request_to_a_service_at_zero_wakes_it_and_waits()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("awake");
        world.Route("shop", ("shop-00001", 100, null));
        await world.RoutedAsync();

        var asked = world.GetAsync("shop.localhost");
        await GatewayWorld.UntilAsync(() => world.Directory.Asked.Any(revision => revision.Name == "shop-00001"));
        Assert.Equal(1, Assert.Single(world.Gateway.Read()).Waiting);
        world.Directory.Publish("shop-00001", ready: [("shop-0", shop.Address)]);
        var answer = await asked;

        Assert.Equal("awake", answer.Body);
        Assert.StartsWith("wake;dur=", answer.Field("Server-Timing"), StringComparison.Ordinal);
    }
}
