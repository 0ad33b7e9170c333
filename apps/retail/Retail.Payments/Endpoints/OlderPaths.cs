using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Retail.Payments.Endpoints;

/// <summary><c>/api/payments…</c> is the name that older clients know; behind it is the first version.</summary>
internal sealed class OlderPaths : IStartupFilter
{
    // The first day of 2026 and the last of 2027.
    private const string Since = "@1767225600";
    private const string Until = "Fri, 31 Dec 2027 00:00:00 GMT";

    private static readonly PathString s_older = new("/api/payments");

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (http, following) =>
        {
            if (http.Request.Path.StartsWithSegments(s_older, StringComparison.OrdinalIgnoreCase, out var rest))
            {
                http.Request.Path = new PathString("/api/v1/payments").Add(rest);
                http.Response.Headers["Deprecation"] = Since;
                http.Response.Headers["Sunset"] = Until;

                // Added last, since a list writes its own links while it answers.
                var successor = $"<{http.Request.Path}>; rel=\"successor-version\"";
                http.Response.OnStarting(() =>
                {
                    http.Response.Headers.Append("Link", successor);
                    return Task.CompletedTask;
                });
            }

            return following(http);
        });
        next(app);
    };
}
