namespace Slipway.Gateway.Balancing;

/// <summary>Least outstanding of two picked at random, and every other instance when both are full.</summary>
internal static class InstanceChoice
{
    /// <summary>Enters an instance with a free place. <paramref name="affinity"/> (0 = none) is tried first, <paramref name="except"/> last.</summary>
    public static InstanceSlot? Enter(ReadOnlySpan<InstanceSlot> ready, int limit, ulong affinity, InstanceSlot? except, uint dice, long now)
    {
        if (ready.IsEmpty)
        {
            return null;
        }

        if (affinity != 0)
        {
            foreach (var slot in ready)
            {
                if (slot.AffinityKey == affinity && slot != except && !slot.IsEjected(now) && slot.TryEnter(limit))
                {
                    return slot;
                }
            }
        }

        if (ready.Length == 1)
        {
            // The only instance is tried even when it is ejected: a request that may fail beats one that surely does.
            return ready[0].TryEnter(limit) ? ready[0] : null;
        }

        var first = ready[(int)((dice & 0xFFFF) % ready.Length)];
        var second = ready[(int)((dice >> 16) % ready.Length)];
        var better = first.InFlight <= second.InFlight ? first : second;
        var worse = ReferenceEquals(better, first) ? second : first;
        if (Suits(better, except, now) && better.TryEnter(limit))
        {
            return better;
        }

        if (Suits(worse, except, now) && worse.TryEnter(limit))
        {
            return worse;
        }

        return EnterLeastLoaded(ready, limit, except, now) ?? EnterAny(ready, limit);
    }

    private static bool Suits(InstanceSlot slot, InstanceSlot? except, long now) => slot != except && !slot.IsEjected(now);

    private static InstanceSlot? EnterLeastLoaded(ReadOnlySpan<InstanceSlot> ready, int limit, InstanceSlot? except, long now)
    {
        InstanceSlot? best = null;
        foreach (var slot in ready)
        {
            if (!slot.IsClosed && Suits(slot, except, now) && (best is null || slot.InFlight < best.InFlight))
            {
                best = slot;
            }
        }

        return best is not null && best.TryEnter(limit) ? best : null;
    }

    /// <summary>With a limit, the least loaded may have filled up just now; and an ejected instance is better than none.</summary>
    private static InstanceSlot? EnterAny(ReadOnlySpan<InstanceSlot> ready, int limit)
    {
        foreach (var slot in ready)
        {
            if (slot.TryEnter(limit))
            {
                return slot;
            }
        }

        return null;
    }
}
