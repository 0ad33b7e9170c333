using System.Collections.Immutable;

namespace Slipway.Control.Autoscaling.Hpa;

/// <summary>What is remembered between decisions: recent wishes for the stabilisation, recent steps for the policies.</summary>
internal sealed record HpaState
{
    public static HpaState Fresh { get; } = new();

    public ImmutableArray<Recommendation> Recommendations { get; init; } = [];

    public ImmutableArray<ScaleStep> Steps { get; init; } = [];

    public bool InitialReached { get; init; }
}

internal readonly record struct Recommendation(DateTimeOffset At, int Instances);

/// <param name="Change">Positive up, negative down.</param>
internal readonly record struct ScaleStep(DateTimeOffset At, int Change);
