namespace Slipway.Gateway.Policies;

/// <summary>Everything a TrafficPolicy says about one target, compiled.</summary>
internal sealed class PolicySet
{
}
