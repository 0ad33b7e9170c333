using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Server;

/// <summary>The web servers beside the gateway: the API with TLS, and in clear text on loopback the registry, the event bus and telemetry.</summary>
internal sealed class Listeners : IAsyncDisposable
{
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(5);

    private readonly List<WebApplication> _running = [];

    /// <summary>Where programs on this machine reach what listens on the address: an address that stands for all is none to connect to.</summary>
    public static string Dial(IPAddress bind) => bind switch
    {
        _ when bind.Equals(IPAddress.Any) => IPAddress.Loopback.ToString(),
        _ when bind.Equals(IPAddress.IPv6Any) => $"[{IPAddress.IPv6Loopback}]",
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"[{bind}]",
        _ => bind.ToString(),
    };

    public async Task StartAsync(
        IEnumerable<IPEndPoint> endpoints, string setting, Func<X509Certificate2>? certificate, long? bodyBytesMax, Action<WebApplication> map, ILoggerFactory loggers, CancellationToken cancellation,
        HttpProtocols clear = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = s_shutdown);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = bodyBytesMax;
            foreach (var endpoint in endpoints)
            {
                kestrel.Listen(endpoint, listen =>
                {
                    listen.Protocols = certificate is null ? clear : HttpProtocols.Http1AndHttp2;
                    if (certificate is not null)
                    {
                        listen.UseHttps(https =>
                        {
                            // Asked at every handshake, so that a renewed certificate is presented without a restart.
                            https.ServerCertificateSelector = (_, _) => certificate();
                            // Client certificates are one way to sign in; whether one is believed is decided by the API.
                            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                            https.AllowAnyClientCertificate();
                        });
                    }
                });
            }
        });

        var app = builder.Build();
        app.UseRouting();
        map(app);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await app.DisposeAsync();
            throw Taken(setting, endpoints);
        }

        _running.Add(app);
    }

    public static StartFailureException Taken(string setting, IEnumerable<IPEndPoint> endpoints) =>
        new("port-in-use", $"port {endpoints.First().Port} is used by another program: stop that one, or choose another port with {setting}");

    /// <summary>Both loopback addresses where the machine has both, because browsers try the newer one first for names under localhost.</summary>
    public static IReadOnlyList<IPEndPoint> On(IPAddress bind, int port) =>
        IPAddress.IsLoopback(bind) && HasIpv6Loopback()
            ? [new(IPAddress.Loopback, port), new(IPAddress.IPv6Loopback, port)]
            : [new(bind, port)];

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _running)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        _running.Clear();
    }

    private static bool HasIpv6Loopback()
    {
        if (!Socket.OSSupportsIPv6)
        {
            return false;
        }

        try
        {
            using var trial = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            trial.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
