using Slipway.Eventing.Log;
using Slipway.Model.Eventing;

namespace Slipway.Eventing.Delivery;

/// <summary>Everything a Trigger's deliveries need, resolved.</summary>
internal sealed record TriggerPlan
{
    public required string Uid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required Topic Topic { get; init; }

    public required TriggerSpec Spec { get; init; }

    public required Subscriber Subscriber { get; init; }

    public Subscriber? DeadLetterSink { get; init; }

    public DeliveryRules Rules { get; init; } = new();

    public int Concurrency { get; init; } = EventingNames.ConcurrencyStandard;

    public bool Paused { get; init; }

    public bool FromEarliest { get; init; }

    /// <summary>Equal for plans that need no new start.</summary>
    public string Fingerprint { get; init; } = "";

    public override string ToString() => $"{Namespace}/{Name}";
}
