using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Routing;

/// <summary>Alerts that nobody wants to hear of for a while. All matchers must hold.</summary>
internal sealed record Silence
{
    public required string Id { get; init; }

    public required IReadOnlyList<LabelMatcher> Matchers { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public string Comment { get; init; } = "";

    /// <summary><c>active</c>, <c>pending</c> or <c>expired</c>.</summary>
    public string StateAt(DateTimeOffset now) => now >= EndsAt ? "expired" : now < StartsAt ? "pending" : "active";

    public bool Holds(LabelSet labels, DateTimeOffset now) =>
        now >= StartsAt && now < EndsAt && Matchers.All(matcher => matcher.Accepts(labels));
}
