using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Outbound;

/// <summary>
/// HTTP to other services by name: connects to where they are, says their name, passes on the ids of the request at hand, and
/// has a time limit, careful retries and a breaker. What the caller cannot help is thrown as a problem it can pass on.
/// </summary>
public sealed class ServiceCalls : IDisposable
{
    private readonly ServiceAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CallMetrics _metrics = new();

    // One entry per service and options of the program, so it is bounded by the program's size.
    private readonly ConcurrentDictionary<(string Service, CallOptions Options), Lazy<HttpClient>> _clients = new();

    public ServiceCalls(ServiceAddresses addresses, CallOptions usual, TimeProvider time, ILogger<ServiceCalls> logger)
    {
        (_addresses, _time, _logger) = (addresses, time, logger);
        Usual = usual;
    }

    /// <summary>What holds for calls that ask for nothing else, from the settings CALL_…; change it with <c>with</c>.</summary>
    public CallOptions Usual { get; }

    /// <summary>Relative addresses such as <c>/api/v1/todos</c> are of that service. The client is shared; do not dispose it.</summary>
    public HttpClient Client(string service, CallOptions? options = null) =>
        _clients.GetOrAdd((service, options ?? Usual), static (key, calls) => new Lazy<HttpClient>(() => calls.Create(key.Service, key.Options)), this).Value;

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Value.Dispose();
        }

        _metrics.Dispose();
    }

    private HttpClient Create(string service, CallOptions options)
    {
        var wire = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,

            // Spans and their headers are those of the handler above, which knows the service by name.
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = options.ConcurrencyMax,
        };
        var client = new HttpClient(new CallHandler(service, options, _addresses.HostHeader(service), _metrics.Breaker(service), _time, _logger) { InnerHandler = wire })
        {
            BaseAddress = _addresses.Dial(service),

            // The handler ends calls earlier; this one only remains if it should fail to.
            Timeout = options.Timeout + TimeSpan.FromSeconds(5),
        };
        return client;
    }
}
