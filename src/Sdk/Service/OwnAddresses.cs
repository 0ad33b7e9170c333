using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Health;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Service;

/// <summary>
/// Addresses every service has. They are answered before routing: no log line, no span, no limit and no figure of theirs
/// stands between the work's own, and a service that has just started says that it is ready before it builds its routes.
/// </summary>
internal static class OwnAddresses
{
    public static RequestDelegate? Find(HttpContext http)
    {
        RequestDelegate? answer = http.Request.Path.Value switch
        {
            "/live" => HealthEndpoints.LiveAsync,
            "/ready" => HealthEndpoints.ReadyAsync,
            "/health" => HealthEndpoints.HealthAsync,
            "/metrics" => MetricsEndpoint.WriteAsync,
            "/openapi/v1.json" => DocumentEndpoints.DocumentAsync,
            "/docs" => DocumentEndpoints.PageAsync,
            "/docs/docs.js" => DocumentEndpoints.ScriptAsync,
            "/docs/docs.css" => DocumentEndpoints.StyleAsync,
            { } path when path.StartsWith(ProblemPages.Root, StringComparison.Ordinal) && (path.Length == ProblemPages.Root.Length || path[ProblemPages.Root.Length] == '/') =>
                ProblemPages.AnswerAsync,
            _ => null,
        };
        return answer is null || HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) ? answer : RefuseAsync;
    }

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        http.Response.Headers.Allow = "GET, HEAD";
        return ProblemResults.WriteAsync(http, FrameworkProblems.Of(http));
    }
}
