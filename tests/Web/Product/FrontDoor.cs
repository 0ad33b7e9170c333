using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Web.Tests.Product;

/// <summary>
/// One address for all services, told apart by the host's first label and, where a host has several services, by its paths, as the platform's
/// gateway does it: browsers and services find each other without anybody guessing a free port.
/// </summary>
internal sealed class FrontDoor : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Uri> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(string Host, string Path), (string Service, string Instead)> _paths = new();
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
    });

    private FrontDoor(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<FrontDoor> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        var door = new FrontDoor(app);
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.Run(http => door.ForwardAsync(http, forwarder));
        await app.StartAsync();
        return door;
    }

    public Uri UrlOf(string service) => new($"http://{service}.localhost:{Port}");

    public void Lead(string service, Uri to) => _services[service] = to;

    /// <summary>What lies below this path of a host belongs to another service, which knows it by another name.</summary>
    public void LeadPath(string host, string path, string service, string instead) => _paths[(host, path)] = (service, instead);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext http, IHttpForwarder forwarder)
    {
        var service = http.Request.Host.Host.Split('.')[0];
        foreach (var ((host, path), (owner, instead)) in _paths)
        {
            if (host == service && http.Request.Path.StartsWithSegments(path, StringComparison.Ordinal, out var rest))
            {
                service = owner;
                http.Request.Path = instead + rest;
                break;
            }
        }

        if (!_services.TryGetValue(service, out var address))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            await http.Response.WriteAsync($"There is no service {service} behind this door.");
            return;
        }

        await forwarder.SendAsync(http, address.ToString(), _client, ForwarderRequestConfig.Empty, new Signed());
    }

    /// <summary>Services believe this header from the gateway alone, so what a client sends under that name is replaced.</summary>
    private sealed class Signed : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = httpContext.Request.Host.Value;
            proxyRequest.Headers.Remove("Forwarded");
            proxyRequest.Headers.TryAddWithoutValidation(
                "Forwarded", $"for={httpContext.Connection.RemoteIpAddress};host=\"{httpContext.Request.Host.Value}\";proto=http");
        }
    }
}
