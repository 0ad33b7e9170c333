namespace Slipway.Sdk.Service;

/// <summary>What a service switched on while it was being built.</summary>
internal sealed class ServiceFeatures
{
    public bool KnowsCallers { get; set; }

    public bool Cors { get; set; }
}
