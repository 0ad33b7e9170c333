namespace Slipway.Sdk.Service;

/// <summary>What a service switched on while it was being built.</summary>
internal sealed class ServiceFeatures
{
    public bool KnowsCallers { get; set; }

    /// <summary>Null unless pages of other origins may call.</summary>
    public IReadOnlySet<string>? CorsOrigins { get; set; }
}
