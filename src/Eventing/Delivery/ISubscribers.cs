using Slipway.Eventing.Events;

namespace Slipway.Eventing.Delivery;

/// <summary>The world that events are pushed into.</summary>
internal interface ISubscribers
{
    /// <summary>One attempt. A refusal and an unreachable subscriber are results, not exceptions.</summary>
    Task<DeliveryResult> SendAsync(Push push, CancellationToken cancellation);
}

/// <param name="Address">As people write it.</param>
/// <param name="Dial">Where to connect.</param>
/// <param name="Service">Whose key it is signed with; null for addresses outside the installation.</param>
internal sealed record Subscriber(Uri Address, Uri Dial, (string Namespace, string Name)? Service);

internal sealed record Push(Subscriber To, CloudEvent Event, int Partition, long Place, int Attempt, bool Replay, TimeSpan Timeout);

/// <param name="Code">Null when there was no answer.</param>
/// <param name="Reply">An event the subscriber gave back.</param>
internal sealed record DeliveryResult(int? Code, string? Error = null, TimeSpan? RetryAfter = null, CloudEvent? Reply = null)
{
    public bool Succeeded => Error is null && Code is >= 200 and < 300;

    /// <summary>No answer, and answers that may be different next time.</summary>
    public bool MayRetry => Code is null or (>= 200 and < 300) or 404 or 408 or 409 or 429 or >= 500;
}
