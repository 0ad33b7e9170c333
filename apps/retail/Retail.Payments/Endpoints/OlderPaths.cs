using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Retail.Payments.Endpoints;

/// <summary><c>/api/payments…</c> is the name that older clients know; behind it is the first version.</summary>
internal sealed class OlderPaths : IStartupFilter
{
    private static readonly PathString s_older = new("/api/payments");

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (http, following) =>
        {
            if (http.Request.Path.StartsWithSegments(s_older, StringComparison.OrdinalIgnoreCase, out var rest))
            {
                http.Request.Path = new PathString("/api/v1/payments").Add(rest);
                http.Response.Headers.Link = $"<{http.Request.Path}>; rel=\"successor-version\"";
            }

            return following(http);
        });
        next(app);
    };
}
