using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Gateway.Listening;
using Slipway.Gateway.Messages;
using Slipway.Gateway.Wires;

namespace Slipway.Gateway.Multiplexing;

/// <summary>
/// Serves what the short way does not: HTTP/2 clients, and clients of instances that want HTTP/2. Kestrel speaks the
/// protocol, the decisions are those of the short way. Built when the first such connection comes.
/// </summary>
internal sealed class MultiplexServer(GatewayCore core, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly HandedConnections _handed = new();
    private readonly Lock _lock = new();
    private Task<Running>? _running;
    private long _connections;

    private sealed record Running(KestrelServer Server, ServiceProvider Services, StreamForwarder Forwarder);

    /// <summary>Serves a connection until it ends. <paramref name="first"/> are the bytes that were read from it and belong to it.</summary>
    public async Task ServeAsync(Wire wire, byte[] first, bool secure, bool http2, byte[]? serviceHost = null)
    {
        await StartedAsync().ConfigureAwait(false);
        var id = Interlocked.Increment(ref _connections).ToString("x8");
        var connection = new HandedConnection(wire, first, secure, id) { ServiceHost = serviceHost };
        if (!_handed.TryHand(connection, http2 ? HandedConnections.Http2 : HandedConnections.Http1))
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            return;
        }

        await connection.Done.ConfigureAwait(false);
    }

    /// <summary>Tells clients to send nothing new and lets their requests finish.</summary>
    public async Task StopAsync(CancellationToken limit)
    {
        Task<Running>? running;
        lock (_lock)
        {
            running = _running;
        }

        if (running is not null)
        {
            await (await running.ConfigureAwait(false)).Server.StopAsync(limit).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
        {
            var running = await _running.ConfigureAwait(false);
            running.Server.Dispose();
            running.Forwarder.Dispose();
            await running.Services.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Task<Running> StartedAsync()
    {
        lock (_lock)
        {
            return _running ??= Task.Run(StartAsync);
        }
    }

    private async Task<Running> StartAsync()
    {
        var services = new ServiceCollection().AddSingleton(loggers).AddLogging().AddHttpForwarder().BuildServiceProvider();
        var options = new KestrelServerOptions
        {
            ApplicationServices = services,
            AddServerHeader = false,
            AllowAlternateSchemes = true,
            AllowResponseHeaderCompression = true,
        };
        options.Limits.MaxRequestBodySize = core.Limits.RequestBodyBytesMax > 0 ? core.Limits.RequestBodyBytesMax : null;
        options.Limits.MaxRequestHeaderCount = MessageHead.FieldsMax;
        options.Limits.MaxRequestHeadersTotalSize = MessageHead.BytesMax;
        options.Limits.MaxRequestLineSize = MessageHead.BytesMax;
        options.Limits.MaxRequestBufferSize = MessageHead.BytesMax * 4;
        options.Limits.RequestHeadersTimeout = core.Limits.HeadTimeout;
        options.Limits.KeepAliveTimeout = core.Limits.KeepAliveTimeout;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.Http2.MaxStreamsPerConnection = core.Limits.StreamsPerConnectionMax;
        options.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
        options.Limits.Http2.InitialStreamWindowSize = 768 * 1024;
        options.Limits.Http2.InitialConnectionWindowSize = 1024 * 1024;
        options.Listen(new IPEndPoint(IPAddress.Loopback, HandedConnections.Http1), listen => listen.Protocols = HttpProtocols.Http1);
        options.Listen(new IPEndPoint(IPAddress.Loopback, HandedConnections.Http2), listen => listen.Protocols = HttpProtocols.Http2);
        var server = new KestrelServer(Options.Create(options), _handed, loggers);
        var forwarder = new StreamForwarder(core, services.GetRequiredService<Yarp.ReverseProxy.Forwarder.IHttpForwarder>());
        await server.StartAsync(new Application(forwarder, services), CancellationToken.None).ConfigureAwait(false);
        return new Running(server, services, forwarder);
    }

    private sealed class Application(StreamForwarder forwarder, IServiceProvider services) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures) { RequestServices = services };

        public Task ProcessRequestAsync(HttpContext context) => forwarder.ServeAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // Everything a request holds was given back when it ended.
        }
    }
}
