using System.Collections.Concurrent;

namespace Slipway.Runtime.Endpoints;

/// <summary>
/// The directory itself. Readers never take a lock; the control plane is the only writer. Publishing the picture that is
/// already there is silent, so a reconciler may publish on every pass.
/// </summary>
public sealed class EndpointDirectory : IEndpointDirectory
{
    private readonly Lock _publishing = new();
    private readonly ConcurrentDictionary<RevisionKey, RevisionEndpoints> _revisions = new();

    public event Action<RevisionEndpoints>? Changed;

    public IReadOnlyCollection<RevisionEndpoints> All
    {
        get
        {
            // Enumerating takes no lock, unlike Values, which would stop the writer and itself.
            var all = new List<RevisionEndpoints>();
            foreach (var (_, endpoints) in _revisions)
            {
                all.Add(endpoints);
            }

            return all;
        }
    }

    public RevisionEndpoints Find(RevisionKey revision) =>
        _revisions.TryGetValue(revision, out var endpoints) ? endpoints : RevisionEndpoints.None(revision);

    public void Publish(RevisionEndpoints endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var ready = endpoints with { Ready = endpoints.Ready.IsDefault ? [] : endpoints.Ready };

        // The lock keeps the order of events equal to the order of pictures.
        lock (_publishing)
        {
            if (_revisions.TryGetValue(ready.Revision, out var present) && SamePicture(present, ready))
            {
                return;
            }

            _revisions[ready.Revision] = ready;
            Changed?.Invoke(ready);
        }
    }

    /// <summary>Forgets a revision that was deleted; followers see it with no instance once more.</summary>
    public void Remove(RevisionKey revision)
    {
        lock (_publishing)
        {
            if (_revisions.TryRemove(revision, out _))
            {
                Changed?.Invoke(RevisionEndpoints.None(revision));
            }
        }
    }

    private static bool SamePicture(RevisionEndpoints left, RevisionEndpoints right) =>
        left.ConcurrencyMax == right.ConcurrencyMax
        && left.Http2 == right.Http2
        && left.Unavailable == right.Unavailable
        && left.Ready.AsSpan().SequenceEqual(right.Ready.AsSpan());
}
