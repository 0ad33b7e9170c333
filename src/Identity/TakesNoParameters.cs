using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Slipway.Identity;

internal static class TakesNoParametersExtension
{
    /// <summary>A query parameter here is a mistake of the caller's that nobody should overlook.</summary>
    public static TBuilder TakesNoParameters<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter(static (invocation, next) =>
            Query.Of(invocation.HttpContext.Request).Problem() is { } problem ? ValueTask.FromResult<object?>(problem.ToResult()) : next(invocation));
}
