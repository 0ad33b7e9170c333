using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Slipway.Runtime.Endpoints;

namespace Slipway.Gateway.Tests.World;

/// <summary>The control plane's side of the joint: publishes endpoints and remembers what was asked for.</summary>
internal sealed class DirectoryInMemory : IEndpointDirectory, IWakeUp
{
    private readonly ConcurrentDictionary<RevisionKey, RevisionEndpoints> _revisions = new();

    public ConcurrentQueue<RevisionKey> Asked { get; } = new();

    /// <summary>What happens when an instance is wanted.</summary>
    public Action<RevisionKey>? OnWanted { get; set; }

    public IReadOnlyCollection<RevisionEndpoints> All => [.. _revisions.Values];

    public event Action<RevisionEndpoints>? Changed;

    public RevisionEndpoints Find(RevisionKey revision) => _revisions.GetValueOrDefault(revision) ?? RevisionEndpoints.None(revision);

    public void Publish(string revision, int concurrency = 0, bool http2 = false, Unavailability? unavailable = null, params (string Id, IPEndPoint Address)[] ready)
    {
        var key = new RevisionKey("default", revision);
        var endpoints = new RevisionEndpoints(key, [.. ready.Select(one => new Endpoint(one.Id, one.Address))], concurrency, http2, unavailable);
        _revisions[key] = endpoints;
        Changed?.Invoke(endpoints);
    }

    public void Wanted(RevisionKey revision)
    {
        Asked.Enqueue(revision);
        OnWanted?.Invoke(revision);
    }
}
