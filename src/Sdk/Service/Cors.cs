using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Service;

/// <summary>
/// Lets pages of listed origins call the service with a token. Cookies are never part of it: an application's own pages
/// reach it through their own origin.
/// </summary>
internal sealed class Cors(RequestDelegate next, IReadOnlySet<string> origins)
{
    private const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private const string Exposed = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, X-Trace-Id, traceparent, Idempotency-Replayed, Server-Timing";
    private const string Accepted = "Authorization, Content-Type, Accept, If-Match, If-None-Match, Idempotency-Key, X-Request-Id, X-Correlation-Id, traceparent, Last-Event-ID";

    /// <summary>The origins of CORS_ORIGINS, or of ALLOWED_ORIGINS as others call it; a wrong one is a mistake of the settings.</summary>
    public static IReadOnlySet<string> Read(ServiceSettings settings)
    {
        var origins = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in settings.List("CORS_ORIGINS").Concat(settings.List("ALLOWED_ORIGINS")))
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https" && origin.PathAndQuery == "/")
            {
                origins.Add(origin.GetLeftPart(UriPartial.Authority));
            }
            else
            {
                settings.Mistaken($"CORS_ORIGINS must list origins such as http://todo.localhost:8080, not \"{text}\".");
            }
        }

        return origins;
    }

    public Task InvokeAsync(HttpContext http)
    {
        var origin = http.Request.Headers.Origin;
        var headers = http.Response.Headers;
        headers.Append("Vary", "Origin");
        if (origin.Count != 1 || !origins.Contains(origin[0]!))
        {
            return next(http);
        }

        headers.AccessControlAllowOrigin = origin;
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (!HttpMethods.IsOptions(http.Request.Method) || StringValues.IsNullOrEmpty(http.Request.Headers.AccessControlRequestMethod))
        {
            headers.AccessControlExposeHeaders = Exposed;
            return next(http);
        }

        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = Accepted;
        headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
