using System.Net;
using System.Net.Sockets;
using Slipway.Gateway.Tests.World;
using Slipway.Runtime.Endpoints;

namespace Slipway.Gateway.Tests;

public sealed class ResilienceTests
{
    [Fact]
    public async Task The_queue_is_bounded_and_says_so()
    {
        await using var world = await StartAsync(limits => limits with { QueueMax = 3 });
        world.Route("shop", ("shop-00001", 100, null));
        await world.RoutedAsync();
        var waiting = Enumerable.Range(0, 3).Select(_ => world.GetAsync("shop.localhost")).ToList();
        await GatewayWorld.UntilAsync(() => world.Gateway.PrometheusText().Contains("requests_waiting{namespace=\"default\",revision=\"shop-00001\"} 3", StringComparison.Ordinal));

        var refused = await world.GetAsync("shop.localhost");

        Assert.Equal((503, "queueFull"), (refused.Status, refused.Code));
        Assert.NotNull(refused.Field("Retry-After"));
        await using var shop = Upstream.Answering("ok");
        world.Directory.Publish("shop-00001", ready: [("a", shop.Address)]);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(200, answer.Status));
    }

    [Fact]
    public async Task An_instance_never_holds_more_than_its_concurrency_and_the_queue_is_fair()
    {
        await using var world = await GatewayWorld.StartAsync();
        var inside = 0;
        var most = 0;
        await using var shop = new Upstream(async request =>
        {
            most = Math.Max(Volatile.Read(ref most), Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            await request.OkAsync();
        });
        world.Route("shop", ("shop-00001", 100, null));
        world.Directory.Publish("shop-00001", concurrency: 1, ready: [("a", shop.Address)]);
        await world.RoutedAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => world.GetAsync("shop.localhost")));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_revision_that_failed_refuses_those_who_wait_with_its_reason()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Route("shop", ("shop-00001", 100, null));
        await world.RoutedAsync();
        var waiting = world.GetAsync("shop.localhost");
        await GatewayWorld.UntilAsync(() => !world.Directory.Asked.IsEmpty);

        world.Directory.Publish("shop-00001", unavailable: new Unavailability("revisionFailed", "exit code 1"));

        Assert.Equal((503, "revisionFailed"), Seen(await waiting));
        Assert.Equal((503, "revisionFailed"), Seen(await world.GetAsync("shop.localhost")));
    }

    [Fact]
    public async Task Waiting_for_an_instance_ends_with_the_request_timeout()
    {
        await using var world = await StartAsync(limits => limits with { RequestTimeout = TimeSpan.FromMilliseconds(200) });
        world.Route("shop", ("shop-00001", 100, null));
        await world.RoutedAsync();

        Assert.Equal((503, "noInstance"), Seen(await world.GetAsync("shop.localhost")));
        Assert.Equal(0, world.Gateway.Read().Sum(reading => reading.Waiting));
    }

    [Fact]
    public async Task A_silent_instance_is_a_504_and_one_that_has_begun_may_take_its_time()
    {
        await using var world = await StartAsync(limits => limits with { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        var release = new TaskCompletionSource();
        await using var shop = new Upstream(async request =>
        {
            if (request.Line.Contains("/begun", StringComparison.Ordinal))
            {
                await request.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
                await release.Task;
                await request.SendAsync("k");
            }
        });
        await world.ServeAsync("shop", shop);
        var begun = world.GetAsync("shop.localhost", "/begun");

        Assert.Equal((504, "upstreamTimeout"), Seen(await world.GetAsync("shop.localhost")));

        // By now the other request is older than the limit that ended this one.
        Assert.False(begun.IsCompleted);
        release.SetResult();
        Assert.Equal("ok", (await begun).Body);
    }

    [Fact]
    public async Task An_answer_that_stops_half_way_for_longer_than_the_idle_limit_is_cut()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(request => request.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
        world.Revision("shop-00001", idle: 1);
        world.Route("shop", ("shop-00001", 100, null));
        world.Directory.Publish("shop-00001", ready: [("a", shop.Address)]);
        await world.RoutedAsync();

        await Assert.ThrowsAsync<EndOfStreamException>(() => world.GetAsync("shop.localhost"));
    }

    [Fact]
    public async Task An_instance_that_dies_with_a_request_is_a_502()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(request =>
        {
            request.Closes = true;
            return Task.CompletedTask;
        });
        await world.ServeAsync("shop", shop);

        Assert.Equal((502, "upstreamFailed"), Seen(await world.GetAsync("shop.localhost")));
        Assert.Single(shop.Requests);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")]
    public async Task An_answer_that_is_no_http_is_a_502(string answer)
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(request => request.SendAsync(answer));
        await world.ServeAsync("shop", shop);

        Assert.Equal((502, "upstreamInvalid"), Seen(await world.GetAsync("shop.localhost")));
    }

    [Fact]
    public async Task A_refused_connection_moves_the_request_to_another_instance()
    {
        await using var world = await GatewayWorld.StartAsync();
        var dead = FreeAddress();
        await using var alive = Upstream.Answering("alive");
        world.Route("shop", ("shop-00001", 100, null));
        world.Directory.Publish("shop-00001", ready: [("dead", dead), ("alive", alive.Address)]);
        await world.RoutedAsync();

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("alive", (await world.GetAsync("shop.localhost", "/", "Content-Length: 4\r\n", "POST", "body")).Body);
        }

        Assert.All(alive.Requests, request => Assert.Equal("body", request.Body));
    }

    [Fact]
    public async Task With_every_instance_refusing_the_answer_is_a_502()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Route("shop", ("shop-00001", 100, null));
        world.Directory.Publish("shop-00001", ready: [("dead", FreeAddress())]);
        await world.RoutedAsync();

        Assert.Equal((502, "upstreamUnreachable"), Seen(await world.GetAsync("shop.localhost")));
    }

    [Fact]
    public async Task Connections_an_instance_closed_while_idle_cost_no_request()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("ok");
        await world.ServeAsync("shop", shop);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await world.GetAsync("shop.localhost")).Status);
            shop.CloseConnections();
        }
    }

    [Fact]
    public async Task A_client_that_leaves_takes_its_request_with_it()
    {
        await using var world = await GatewayWorld.StartAsync();
        var cut = new TaskCompletionSource();
        await using var shop = new Upstream(async request =>
        {
            Assert.Empty(await request.Reader.ReadSomeAsync());
            cut.SetResult();
        });
        await world.ServeAsync("shop", shop);
        using (var client = await world.ConnectAsync())
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
            await GatewayWorld.UntilAsync(() => world.Gateway.InFlight("shop-0") == 1);
        }

        await cut.Task.WaitAsync(GatewayWorld.Patience);
        await GatewayWorld.UntilAsync(() => world.Gateway.InFlight("shop-0") == 0);
        await GatewayWorld.UntilAsync(() => world.Gateway.Services()[0].ByStatusClass[0] == 1);
    }

    [Fact]
    public async Task A_client_that_leaves_the_queue_frees_its_place()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Route("shop", ("shop-00001", 100, null));
        await world.RoutedAsync();
        using (var client = await world.ConnectAsync())
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
            await GatewayWorld.UntilAsync(() => world.Gateway.Read().Any(reading => reading.Waiting == 1));
        }

        await GatewayWorld.UntilAsync(() => world.Gateway.Read().All(reading => reading.Waiting == 0));
    }

    [Fact]
    public async Task Slow_heads_and_slow_bodies_are_cut_off()
    {
        await using var world = await StartAsync(limits => limits with { HeadTimeout = TimeSpan.FromMilliseconds(200), BodyGrace = TimeSpan.FromMilliseconds(200) });
        await using var shop = new Upstream(request => request.Reader.ReadToEndAsync());
        await world.ServeAsync("shop", shop);

        using var silent = await world.ConnectAsync();
        Assert.True(await silent.IsClosedAsync());
        using var slowHead = await world.ConnectAsync();
        await slowHead.SendAsync("GET / HTTP/1.1\r\nHost: sh");
        Assert.Equal((408, "requestTimeout"), Seen(await slowHead.ReadAnswerAsync()));
        using var slowBody = await world.ConnectAsync();
        await slowBody.SendAsync("POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: 100\r\n\r\nx");
        Assert.True(await slowBody.IsClosedAsync());
        await GatewayWorld.UntilAsync(() => world.Gateway.InFlight("shop-0") == 0);
    }

    [Fact]
    public async Task More_connections_than_allowed_are_refused()
    {
        await using var world = await StartAsync(limits => limits with { ConnectionsMax = 2 });
        using var first = await world.ConnectAsync();
        using var second = await world.ConnectAsync();
        await first.SendAsync("GET / HTTP/1.1\r\nHost: x.localhost\r\n\r\n");
        await second.SendAsync("GET / HTTP/1.1\r\nHost: x.localhost\r\n\r\n");
        await first.ReadAnswerAsync();
        await second.ReadAnswerAsync();

        using var third = await world.ConnectAsync();
        Assert.Equal((503, "tooManyConnections"), Seen(await third.ReadAnswerAsync()));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        await using var world = await StartAsync(limits => limits with { RequestBodyBytesMax = 1000 });
        await using var shop = new Upstream(request => request.Reader.ReadToEndAsync());
        await world.ServeAsync("shop", shop);

        Assert.Equal((413, "bodyTooLarge"), Seen(await world.GetAsync("shop.localhost", "/", "Content-Length: 1001\r\n", "POST", new string('x', 1001))));
        Assert.Equal((413, "bodyTooLarge"), Seen(await world.GetAsync("shop.localhost", "/", "Transfer-Encoding: chunked\r\n", "POST", "800\r\n" + new string('x', 0x800) + "\r\n")));
    }

    [Fact]
    public async Task Large_bodies_stream_through_in_both_directions_without_being_kept()
    {
        await using var world = await GatewayWorld.StartAsync();
        const int Size = 200 * 1024 * 1024;
        await using var shop = new Upstream(async request =>
        {
            await request.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Size}\r\n\r\n");
            for (var left = Size; left > 0;)
            {
                var piece = await request.Reader.ReadSomeAsync();
                Assert.NotEmpty(piece);
                await request.Stream.WriteAsync(piece);
                left -= piece.Length;
            }
        });
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: {Size}\r\n\r\n");

        var sending = Task.Run(async () =>
        {
            var piece = new byte[64 * 1024];
            for (var sent = 0; sent < Size; sent += piece.Length)
            {
                await client.Socket.SendAsync(piece);
            }
        });
        Assert.Contains("200 OK", await client.Reader.ReadHeadAsync(), StringComparison.Ordinal);
        long received = 0;
        var most = 0L;
        while (received < Size)
        {
            var piece = await client.Reader.ReadSomeAsync();
            Assert.NotEmpty(piece);
            received += piece.Length;
            most = Math.Max(most, GC.GetGCMemoryInfo().HeapSizeBytes);
        }

        await sending;
        Assert.Equal(Size, received);

        // Pieces in flight and what waits for collection; a kept body would be two hundred mebibytes alone.
        Assert.InRange(most, 0, 160L * 1024 * 1024);
    }

    [Fact]
    public async Task Closing_an_instance_under_load_never_catches_a_request()
    {
        await using var world = await GatewayWorld.StartAsync();
        var closed = 0;
        var violations = 0;
        await using var first = new Upstream(request =>
        {
            if (Volatile.Read(ref closed) == 1)
            {
                Interlocked.Increment(ref violations);
            }

            return request.OkAsync();
        });
        await using var second = Upstream.Answering("ok");
        world.Route("shop", ("shop-00001", 100, null));
        world.Directory.Publish("shop-00001", ready: [("first", first.Address), ("second", second.Address)]);
        await world.RoutedAsync();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            using var client = await world.ConnectAsync();
            while (!stop.IsCancellationRequested)
            {
                await client.SendAsync("GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
                Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
            }
        })).ToList();

        for (var i = 0; i < 30; i++)
        {
            await GatewayWorld.UntilAsync(() => world.Gateway.TryClose("first"));
            Volatile.Write(ref closed, 1);
            var served = second.Requests.Count;
            await GatewayWorld.UntilAsync(() => second.Requests.Count > served + 20);
            Volatile.Write(ref closed, 0);
            world.Gateway.Open("first");
            var seen = first.Requests.Count;
            await GatewayWorld.UntilAsync(() => first.Requests.Count > seen);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.Equal(0, violations);
    }

    [Fact]
    public async Task Draining_an_instance_waits_for_what_is_in_flight()
    {
        await using var world = await GatewayWorld.StartAsync();
        var release = new TaskCompletionSource();
        await using var shop = new Upstream(async request =>
        {
            await release.Task;
            await request.OkAsync();
        });
        await world.ServeAsync("shop", shop);
        var asked = world.GetAsync("shop.localhost");
        await GatewayWorld.UntilAsync(() => world.Gateway.InFlight("shop-0") == 1);

        Assert.False(world.Gateway.TryClose("shop-0"));
        Assert.False(await world.Gateway.DrainAsync("shop-0", TimeSpan.FromMilliseconds(20), CancellationToken.None));
        var drained = world.Gateway.DrainAsync("shop-0", GatewayWorld.Patience, CancellationToken.None);
        Assert.False(drained.IsCompleted);
        release.SetResult();

        Assert.True(await drained);
        Assert.Equal(200, (await asked).Status);
        Assert.NotNull(world.Gateway.LastUsedAt("shop-0"));
    }

    [Fact]
    public async Task Stopping_lets_the_request_in_flight_finish_and_takes_no_other()
    {
        await using var world = await GatewayWorld.StartAsync();
        var release = new TaskCompletionSource();
        await using var shop = new Upstream(async request =>
        {
            await release.Task;
            await request.OkAsync("done");
        });
        await world.ServeAsync("shop", shop);
        using var client = await world.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        await GatewayWorld.UntilAsync(() => world.Gateway.InFlight("shop-0") == 1);

        var stopping = world.Gateway.StopAsync(GatewayWorld.Patience);
        await GatewayWorld.UntilAsync(() => !CanConnect(world.Plain));
        release.SetResult();
        var answer = await client.ReadAnswerAsync();
        await stopping;

        Assert.Equal(("done", "close"), (answer.Body, answer.Field("Connection")));
    }

    private static bool CanConnect(IPEndPoint address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static IPEndPoint FreeAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private static Task<GatewayWorld> StartAsync(Func<GatewayLimits, GatewayLimits> change) =>
        GatewayWorld.StartAsync(settings => settings with { Limits = change(settings.Limits) });

    private static (int, string?) Seen(Answer answer) => (answer.Status, answer.Code);
}
