using System.Collections.Concurrent;
using Slipway.Runtime.Endpoints;

namespace Slipway.Server.Joints;

/// <summary>
/// The gateway serves before the fleet exists. What is wanted meanwhile is remembered and passed on as soon as there is
/// somebody to wake instances up.
/// </summary>
internal sealed class WakeUpJoint : IWakeUp
{
    private readonly ConcurrentDictionary<RevisionKey, bool> _early = new();
    private IWakeUp? _fleet;

    public void Wanted(RevisionKey revision)
    {
        if (Volatile.Read(ref _fleet) is { } fleet)
        {
            fleet.Wanted(revision);
            return;
        }

        _early[revision] = true;
        // Connected between the two looks: then nobody else would pass this one on.
        if (Volatile.Read(ref _fleet) is { } late)
        {
            late.Wanted(revision);
        }
    }

    public void Connect(IWakeUp fleet)
    {
        Volatile.Write(ref _fleet, fleet);
        foreach (var revision in _early.Keys)
        {
            fleet.Wanted(revision);
        }

        _early.Clear();
    }
}
