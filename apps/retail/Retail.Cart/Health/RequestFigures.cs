using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Problems;

namespace Retail.Cart.Health;

/// <summary>Counts requests under the documented names. The kit's own figures have the same under the names of OpenTelemetry.</summary>
internal sealed class RequestFigures(RequestDelegate next, CartMetrics metrics, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var began = time.GetTimestamp();
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(http);
            status = http.Response.StatusCode;
        }
        catch (ProblemException exception)
        {
            status = exception.Problem.Status;
            throw;
        }
        finally
        {
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unmatched";
            metrics.Request(http.Request.Method is "GET" or "POST" or "PUT" or "DELETE" ? http.Request.Method : "other", route, status, time.GetElapsedTime(began));
        }
    }
}
