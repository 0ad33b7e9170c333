using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Outbound;

/// <summary>
/// HTTP to other services by name: connects to where they are, says their name, passes on the ids of the request at hand, and
/// has a time limit, careful retries and a breaker. What the caller cannot help is thrown as a problem it can pass on.
/// </summary>
public sealed class ServiceCalls(ServiceAddresses addresses, TimeProvider time, ILogger<ServiceCalls> logger) : IDisposable
{
    private static readonly CallOptions s_usual = new();

    // One entry per service and options of the program, so it is bounded by the program's size.
    private readonly ConcurrentDictionary<(string Service, CallOptions Options), Lazy<HttpClient>> _clients = new();

    /// <summary>Relative addresses such as <c>/api/v1/todos</c> are of that service. The client is shared; do not dispose it.</summary>
    public HttpClient Client(string service, CallOptions? options = null) =>
        _clients.GetOrAdd((service, options ?? s_usual), static (key, calls) => new Lazy<HttpClient>(() => calls.Create(key.Service, key.Options)), this).Value;

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Value.Dispose();
        }
    }

    private HttpClient Create(string service, CallOptions options)
    {
        var wire = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = options.ConcurrencyMax,
        };
        var client = new HttpClient(new CallHandler(service, options, addresses.HostHeader(service), time, logger) { InnerHandler = wire })
        {
            BaseAddress = addresses.Dial(service),

            // The handler ends calls earlier; this one only remains if it should fail to.
            Timeout = options.Timeout + TimeSpan.FromSeconds(5),
        };
        return client;
    }
}
