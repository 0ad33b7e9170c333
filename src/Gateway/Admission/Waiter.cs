using Slipway.Gateway.Balancing;

namespace Slipway.Gateway.Admission;

/// <summary>A request that waits for a place in an instance. Exactly one of handing over, refusing and giving up happens.</summary>
internal sealed class Waiter(RevisionTraffic revision, ulong affinity)
    : TaskCompletionSource<AdmissionAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public ulong Affinity => affinity;

    public LinkedListNode<Waiter>? Node { get; set; }

    /// <summary>Stops waiting; false when a place was handed over or refused just before.</summary>
    public bool GiveUp(AdmissionVerdict verdict)
    {
        if (!TrySetResult(new AdmissionAnswer(verdict, null, null)))
        {
            return false;
        }

        revision.Forget(this);
        return true;
    }
}

internal enum AdmissionVerdict
{
    Admitted,
    QueueFull,
    Unavailable,
    WaitedTooLong,
    ClientGone,
    Stopping,
}

/// <param name="Slot">Entered on the request's behalf; whoever gets it must leave it.</param>
/// <param name="Detail">Code and words of an unavailable revision.</param>
internal readonly record struct AdmissionAnswer(AdmissionVerdict Verdict, InstanceSlot? Slot, Runtime.Endpoints.Unavailability? Detail);
