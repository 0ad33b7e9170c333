using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Slipway.Sdk.Pages;

/// <summary>Answers reads of a site's files and pages, and leaves everything else to the endpoints.</summary>
internal sealed class PageAnswers(PageSite site, PageRoutes routes, PageSecurity security)
{
    // Measurements and logs go by the endpoint's route; all files of a site are one line there.
    private static readonly RouteEndpoint s_endpoint = new(
        _ => Task.CompletedTask, RoutePatternFactory.Parse("/{page}"), order: 0, EndpointMetadataCollection.Empty, "pages");

    /// <summary>True when the answer has been written.</summary>
    public async ValueTask<bool> TryAnswerAsync(HttpContext http)
    {
        var method = http.Request.Method;
        if (http.GetEndpoint() is not null || !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method)))
        {
            return false;
        }

        var path = http.Request.Path.Value is { Length: > 0 } value ? value : "/";
        if (site.Find(path) is { } file)
        {
            await WriteAsync(http, file, StatusCodes.Status200OK);
            return true;
        }

        var route = routes.Of(path);
        if (route == PageRoute.NotOurs || site.Index is not { } shell)
        {
            return false;
        }

        // A person gets a page that says so; a program gets the problem document it gets everywhere else.
        if (route == PageRoute.NoSuchPage && !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        await WriteAsync(http, shell, route == PageRoute.Page ? StatusCodes.Status200OK : StatusCodes.Status404NotFound);
        return true;
    }

    private async Task WriteAsync(HttpContext http, PageFile file, int status)
    {
        http.SetEndpoint(s_endpoint);
        var variant = file.For(AcceptEncoding.Read(http.Request.Headers.AcceptEncoding.ToString()));
        var headers = http.Response.Headers;
        security.Apply(headers);
        headers.CacheControl = file.CacheControl;
        headers.ETag = variant.ETag;
        headers.Vary = "Accept-Encoding";
        if (status == StatusCodes.Status200OK && Knows(http.Request.Headers.IfNoneMatch, variant.ETag.ToString()))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.StatusCode = status;
        headers.ContentType = file.ContentType;
        headers.ContentEncoding = variant.ContentEncoding;
        headers.ContentLength = variant.Bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(variant.Bytes, http.RequestAborted);
        }
    }

    /// <summary>Proxies weaken tags when they recompress, so the comparison ignores the mark of a weak one.</summary>
    private static bool Knows(Microsoft.Extensions.Primitives.StringValues known, string tag)
    {
        foreach (var line in known)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var one = line.AsSpan()[range].Trim();
                if (one is "*" || (one.StartsWith("W/") ? one[2..] : one).SequenceEqual(tag))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
