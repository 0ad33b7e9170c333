using System.Collections.Immutable;
using System.Net;

namespace Slipway.Runtime.Endpoints;

/// <summary>A revision by name. Uids are not needed on the request path: a new revision of the same name is a new object in a new snapshot.</summary>
public readonly record struct RevisionKey(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>One instance that may receive requests now.</summary>
public sealed record Endpoint(string InstanceId, IPEndPoint Address);

/// <summary>The instances of one revision that may receive requests, and how many each may hold at once (0 = unlimited).</summary>
/// <param name="Unavailable">Why no instance will come (stopped, failed, spend cap …); waiting requests are refused at once with it.</param>
public sealed record RevisionEndpoints(
    RevisionKey Revision,
    ImmutableArray<Endpoint> Ready,
    int ConcurrencyMax,
    bool Http2,
    Unavailability? Unavailable = null)
{
    public static RevisionEndpoints None(RevisionKey revision) => new(revision, [], 0, false);
}

/// <param name="Code">Stable code of the problem document: <c>serviceStopped</c>, <c>revisionFailed</c>, …</param>
public sealed record Unavailability(string Code, string Detail);

/// <summary>
/// Who is ready, published by the control plane and followed by the data plane. Publishing is the only writer's job;
/// reading is lock-free.
/// </summary>
public interface IEndpointDirectory
{
    RevisionEndpoints Find(RevisionKey revision);

    IReadOnlyCollection<RevisionEndpoints> All { get; }

    /// <summary>Raised after one revision's picture changed, on the publisher's thread. Handlers return quickly.</summary>
    event Action<RevisionEndpoints>? Changed;
}

/// <summary>What the data plane asks of the control plane on the request path. Calls return at once.</summary>
public interface IWakeUp
{
    /// <summary>At least one request waits for an instance of this revision. Thaws or starts one without waiting for a tick.</summary>
    void Wanted(RevisionKey revision);
}

/// <summary>
/// What the control plane asks of the data plane before it takes an instance away. Both sides agree through these calls
/// so that an instance is never frozen or stopped under a request.
/// </summary>
public interface ITrafficGate
{
    /// <summary>Takes the instance out of rotation if nothing is in flight on it; false leaves everything as it was.</summary>
    bool TryClose(string instanceId);

    /// <summary>Takes it out of rotation now; completes when the requests in flight on it are done, or false when the time is over.</summary>
    Task<bool> DrainAsync(string instanceId, TimeSpan limit, CancellationToken cancellation);

    /// <summary>Puts a closed instance back into rotation.</summary>
    void Open(string instanceId);

    int InFlight(string instanceId);

    /// <summary>When the last request on the instance ended; null when there was none since the gateway started.</summary>
    DateTimeOffset? LastUsedAt(string instanceId);
}

/// <summary>What the data plane has measured for one revision since the last reading.</summary>
/// <param name="AverageConcurrency">Time-weighted average of requests in flight and waiting over the interval.</param>
/// <param name="Requests">Requests that arrived in the interval.</param>
/// <param name="Waiting">Requests that wait for an instance right now.</param>
public sealed record LoadReading(RevisionKey Revision, double AverageConcurrency, long Requests, int Waiting, int InFlight);

public interface ILoadSource
{
    /// <summary>Readings of every revision with traffic since the previous call, or requests in flight now. One caller only.</summary>
    IReadOnlyList<LoadReading> Read();
}
