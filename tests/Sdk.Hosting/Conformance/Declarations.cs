using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;

namespace Slipway.Sdk.Hosting.Conformance;

internal static class Declarations
{
    public static bool Has(RouteEndpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<AccessRule>().Count > 0;
}
