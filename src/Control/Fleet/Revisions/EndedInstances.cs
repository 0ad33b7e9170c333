namespace Slipway.Control.Fleet.Revisions;

/// <summary>
/// Instances that have ended and are still kept for their logs: a few per revision, for a while. Bounded by both, and by
/// a total that no number of short-lived revisions can exceed.
/// </summary>
internal sealed class EndedInstances(FleetSettings settings)
{
    private const int TotalMax = 1000;

    private readonly LinkedList<(string Id, string Uid, DateTimeOffset At)> _kept = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public int Count => _ids.Count;

    public void Add(string id, string uid, DateTimeOffset at)
    {
        if (_ids.Add(id))
        {
            _kept.AddLast((id, uid, at));
        }
    }

    public IReadOnlyList<string> TakeOld(DateTimeOffset now)
    {
        var old = new List<string>();
        var perRevision = new Dictionary<string, int>(StringComparer.Ordinal);
        var total = 0;
        for (var node = _kept.Last; node is not null;)
        {
            var before = node.Previous;
            var (id, uid, at) = node.Value;
            var kept = perRevision.GetValueOrDefault(uid);
            if (now - at >= settings.EndedKeptFor || kept >= settings.EndedKept || total >= TotalMax)
            {
                _kept.Remove(node);
                _ids.Remove(id);
                old.Add(id);
            }
            else
            {
                perRevision[uid] = kept + 1;
                total++;
            }

            node = before;
        }

        return old;
    }
}
