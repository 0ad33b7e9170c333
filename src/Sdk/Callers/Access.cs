using Microsoft.AspNetCore.Builder;

namespace Slipway.Sdk.Callers;

/// <summary>Declares who may call an endpoint. A service with an endpoint that declares nothing does not start.</summary>
public static class Access
{
    /// <param name="scope">Such as <c>todo.todos:read</c>.</param>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder => Declare(endpoint, new AccessRule.Scope(scope));

    public static TBuilder RequiresRole<TBuilder>(this TBuilder endpoint, string role)
        where TBuilder : IEndpointConventionBuilder => Declare(endpoint, new AccessRule.Role(role));

    /// <summary>Anybody who is signed in.</summary>
    public static TBuilder RequiresCaller<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => Declare(endpoint, new AccessRule.AnyCaller());

    /// <summary>Anybody at all. A caller who does send a valid token is still known to the handler.</summary>
    public static TBuilder OpenToAll<TBuilder>(this TBuilder endpoint, string reason)
        where TBuilder : IEndpointConventionBuilder => Declare(endpoint, new AccessRule.Open(reason));

    private static TBuilder Declare<TBuilder>(TBuilder endpoint, AccessRule rule)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(rule));
        return endpoint;
    }
}
