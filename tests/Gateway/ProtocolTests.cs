using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Slipway.Gateway.Tests.World;

namespace Slipway.Gateway.Tests;

public sealed class ProtocolTests
{
    [Fact]
    public async Task An_upgraded_connection_is_a_tunnel_both_ways_and_counts_as_in_flight()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var chat = new Upstream(async request =>
        {
            Assert.Equal("websocket", request.Field("Upgrade"));
            await request.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nwelcome");
            while (await request.Reader.ReadSomeAsync() is { Length: > 0 } piece)
            {
                await request.SendAsync("echo " + Encoding.Latin1.GetString(piece));
            }
        });
        await world.ServeAsync("chat", chat);
        using var client = await world.ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1\r\nHost: chat.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n");
        var answer = await client.ReadAnswerAsync();
        Assert.Equal(101, answer.Status);
        Assert.Equal("Upgrade", answer.Field("Connection"));
        Assert.Equal("welcome", Encoding.Latin1.GetString(await client.Reader.ReadExactlyAsync(7)));
        await client.SendAsync("one");
        Assert.Equal("echo one", Encoding.Latin1.GetString(await client.Reader.ReadExactlyAsync(8)));
        Assert.Equal(1, world.Gateway.InFlight("chat-0"));
        Assert.False(world.Gateway.TryClose("chat-0"));

        client.Socket.Shutdown(SocketShutdown.Send);
        Assert.True(await client.IsClosedAsync());
        await GatewayWorld.UntilAsync(() => world.Gateway.InFlight("chat-0") == 0);
    }

    [Fact]
    public async Task Server_sent_events_arrive_one_by_one()
    {
        await using var world = await GatewayWorld.StartAsync();
        var next = new SemaphoreSlim(0);
        await using var feed = new Upstream(async request =>
        {
            await request.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync(GatewayWorld.Patience);
                await request.SendAsync($"9\r\ndata: {i}\n\n\r\n");
            }

            await request.SendAsync("0\r\n\r\n");
        });
        await world.ServeAsync("feed", feed);
        using var client = await world.ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1\r\nHost: feed.localhost\r\n\r\n");
        Assert.Contains("text/event-stream", await client.Reader.ReadHeadAsync(), StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            // The next event is only made once the one before has arrived: nothing may hold it back.
            next.Release();
            Assert.Equal($"9\r\ndata: {i}\n\n\r\n", Encoding.Latin1.GetString(await client.Reader.ReadExactlyAsync(14)));
        }
    }

    [Fact]
    public async Task Http2_with_prior_knowledge_reaches_an_http1_instance()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = new Upstream(request => request.OkAsync(request.Line + " " + request.Field("Forwarded") + " " + request.Field("K-Evil")));
        await world.ServeAsync("shop", shop);
        using var http = ClientOf(world.Plain);

        using var request = new HttpRequestMessage(HttpMethod.Get, "http://shop.localhost/a%20b?c=d") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Add("K-Evil", "1");
        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("GET /a%20b?c=d HTTP/1.1 for=127.0.0.1;host=shop.localhost;proto=http ", await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.Contains("X-Request-Id"));
        Assert.True(answer.Headers.Contains("Server-Timing"));
    }

    [Fact]
    public async Task Http2_clients_get_problem_documents_too()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var http = ClientOf(world.Plain);

        using var answer = await http.GetAsync("http://nobody.localhost/");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("\"code\":\"unknownHost\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_instance_that_wants_http2_gets_it_whatever_the_client_speaks(bool http2)
    {
        await using var instance = await H2cInstance.StartAsync();
        await using var world = await GatewayWorld.StartAsync();
        world.Route("grpc", ("grpc-00001", 100, null));
        world.Directory.Publish("grpc-00001", http2: true, ready: [("grpc-0", instance.Address)]);
        await world.RoutedAsync();
        using var http = ClientOf(world.Plain, http2);

        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://grpc.localhost/pkg.Service/Call") { Content = new StringContent("ping"), Version = http.DefaultRequestVersion, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.TE.Add(new("trailers"));
            using var answer = await http.SendAsync(request);

            Assert.Equal("HTTP/2 ping", await answer.Content.ReadAsStringAsync());
            Assert.Equal(http2 ? HttpVersion.Version20 : HttpVersion.Version11, answer.Version);
            if (http2)
            {
                Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
            }
        }

        Assert.Equal(0, world.Gateway.InFlight("grpc-0"));
        Assert.Equal(3, world.Gateway.Instances().Single(one => one.InstanceId == "grpc-0").Requests);
    }

    [Fact]
    public async Task Http2_requests_wait_for_an_instance_as_others_do()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering("awake");
        world.Route("shop", ("shop-00001", 100, null));
        await world.RoutedAsync();
        world.Directory.OnWanted = _ => world.Directory.Publish("shop-00001", ready: [("shop-0", shop.Address)]);
        using var http = ClientOf(world.Plain);

        Assert.Equal("awake", await http.GetStringAsync("http://shop.localhost/"));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Tls_serves_http1_and_http2_by_alpn(bool http2, bool tls13)
    {
        using var certificate = SelfSigned();
        await using var world = await GatewayWorld.StartAsync(
            settings => settings with { Secure = [new(IPAddress.Loopback, 0)] },
            certificate: name => name == "shop.localhost" ? certificate : null);
        await using var shop = new Upstream(request => request.OkAsync(request.Field("X-Forwarded-Proto")!));
        await world.ServeAsync("shop", shop);
        using var http = ClientOf(world.Gateway.SecureEndpoints[0], http2, tls13);

        using var answer = await http.GetAsync("https://shop.localhost/");

        Assert.Equal(http2 ? HttpVersion.Version20 : HttpVersion.Version11, answer.Version);
        Assert.Equal("https", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_server_name_without_a_certificate_ends_the_handshake()
    {
        await using var world = await GatewayWorld.StartAsync(
            settings => settings with { Secure = [new(IPAddress.Loopback, 0)] }, certificate: _ => null);
        using var http = ClientOf(world.Gateway.SecureEndpoints[0]);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("https://shop.localhost/"));
    }

    private static HttpClient ClientOf(IPEndPoint gateway, bool http2 = true, bool tls13 = true)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(gateway, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=shop.localhost",
                EnabledSslProtocols = tls13 ? System.Security.Authentication.SslProtocols.Tls13 : System.Security.Authentication.SslProtocols.Tls12,
            },
        };
        return new HttpClient(handler)
        {
            DefaultRequestVersion = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = GatewayWorld.Patience,
        };
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop.localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    private sealed class H2cInstance(WebApplication application) : IAsyncDisposable
    {
        public IPEndPoint Address { get; } = Parse(application.Urls.First());

        public static async Task<H2cInstance> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
            var application = builder.Build();
            application.Run(async context =>
            {
                context.Response.DeclareTrailer("grpc-status");
                using var reader = new StreamReader(context.Request.Body);
                await context.Response.WriteAsync($"{context.Request.Protocol} {await reader.ReadToEndAsync()}");
                context.Response.AppendTrailer("grpc-status", "0");
            });
            await application.StartAsync();
            return new H2cInstance(application);
        }

        public ValueTask DisposeAsync() => application.DisposeAsync();

        private static IPEndPoint Parse(string url) => IPEndPoint.Parse(new Uri(url).Authority);
    }
}
