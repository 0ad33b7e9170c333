using System.Net;
using Slipway.Gateway.Policies;
using Slipway.Model.Serving;

namespace Slipway.Gateway;

/// <summary>What an operator decides about the data plane. Everything has a default that suits one machine.</summary>
public sealed record GatewaySettings
{
    public IngressSettings Ingress { get; init; } = new();

    public IReadOnlyList<IPEndPoint> Plain { get; init; } = [new(IPAddress.Loopback, 8080)];

    public IReadOnlyList<IPEndPoint> Secure { get; init; } = [];

    /// <summary>Ports that belong to one service each, in clear text: whatever host a request on them names, it goes there.</summary>
    public IReadOnlyList<ServicePort> ServicePorts { get; init; } = [];

    /// <summary>Where the routing picture is kept so that the next start serves before the store is open; null keeps none.</summary>
    public string? SnapshotPath { get; init; }

    /// <summary>One JSON object per line; null writes no access log.</summary>
    public string? AccessLogPath { get; init; }

    /// <summary>Whether <c>Knative-Serving-Tag</c> chooses a tag on the main host.</summary>
    public bool TagHeader { get; init; }

    /// <summary>Whose requests may use <c>*.svc.cluster.local</c> hosts and services with internal ingress.</summary>
    public IReadOnlyList<IPNetwork> InternalNetworks { get; init; } = [new(IPAddress.Parse("127.0.0.0"), 8), new(IPAddress.IPv6Loopback, 128)];

    /// <summary>Proxies in front of the gateway whose X-Forwarded-For is believed when a caller's address matters.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>How tokens of the platform are recognised; without it a service with invokers of its own lets nobody pass.</summary>
    public PlatformTokens? PlatformTokens { get; init; }

    public GatewayLimits Limits { get; init; } = new();
}

/// <param name="Host">The service's host name, as routing knows it.</param>
public sealed record ServicePort(IPEndPoint Endpoint, string Host);

/// <summary>Every bound of the data plane. Beyond each of them stands a stated answer, listed in the room's README.</summary>
public sealed record GatewayLimits
{
    /// <summary>Open client connections. The next one is accepted and answered 503 tooManyConnections.</summary>
    public int ConnectionsMax { get; init; } = 10_000;

    public int ConnectionsPerAddressMax { get; init; } = 4_000;

    /// <summary>Concurrent streams of one HTTP/2 connection; clients hold further ones back.</summary>
    public int StreamsPerConnectionMax { get; init; } = 100;

    /// <summary>From the first byte of a head (or the end of a handshake) to its last.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An idle client connection is kept this long.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Below this rate, after <see cref="BodyGrace"/>, a request body counts as an attack; 0 turns it off.</summary>
    public int BodyBytesPerSecondMin { get; init; } = 240;

    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest request body; 0 sets no limit. Beyond it the answer is 413.</summary>
    public long RequestBodyBytesMax { get; init; }

    /// <summary>A client that takes no byte for so long is cut.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// An idle connection to an instance. Below the shortest keep-alive limit in common use (five seconds in Node.js),
    /// so that it is us who close, never an instance just as a request is on its way.
    /// </summary>
    public TimeSpan UpstreamIdle { get; init; } = TimeSpan.FromSeconds(4);

    public int UpstreamIdleConnectionsMax { get; init; } = 256;

    /// <summary>Requests of one revision that may wait for an instance or a free place in one.</summary>
    public int QueueMax { get; init; } = 10_000;

    /// <summary>The least a request waits for an instance to start, once the service's usual start-up time is known.</summary>
    public TimeSpan WakeWaitMin { get; init; } = TimeSpan.FromSeconds(10);

    public double WakeWaitFactor { get; init; } = 3.5;

    /// <summary>For revisions that state none.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Tries of one request in all, when the earlier ones never reached an instance.</summary>
    public int ConnectAttemptsMax { get; init; } = 3;

    /// <summary>Failures in a row after which an instance is left out for a while.</summary>
    public int EjectAfter { get; init; } = 5;

    public TimeSpan EjectFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Keys of all rate limits together; the least recently used half is forgotten when it is full.</summary>
    public int RateKeysMax { get; init; } = 100_000;

    /// <summary>How often deadlines are looked at. A deadline is met at most this much late.</summary>
    public TimeSpan SweepPeriod { get; init; } = TimeSpan.FromMilliseconds(250);
}
