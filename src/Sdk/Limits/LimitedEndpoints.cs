using Microsoft.AspNetCore.Builder;

namespace Slipway.Sdk.Limits;

public static class LimitedEndpoints
{
    internal const string Default = "default";

    /// <summary>Puts the endpoint under a limit that the service declared. Several may apply, and all are asked.</summary>
    public static TBuilder Limited<TBuilder>(this TBuilder endpoint, string limit)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new LimitedBy(limit)));
        return endpoint;
    }
}

internal sealed record LimitedBy(string Limit);
