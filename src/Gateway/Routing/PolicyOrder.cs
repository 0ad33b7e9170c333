namespace Slipway.Gateway.Routing;

internal static class PolicyOrder
{
    /// <summary>Ties in age are broken by name, as Gateway API does everywhere.</summary>
    public static IEnumerable<PolicyPicture> OldestFirst(IEnumerable<PolicyPicture> policies) => policies
        .OrderBy(policy => policy.CreatedAt)
        .ThenBy(policy => policy.Namespace, StringComparer.Ordinal)
        .ThenBy(policy => policy.Name, StringComparer.Ordinal);
}
