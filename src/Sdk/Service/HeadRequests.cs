using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Slipway.Sdk.Service;

/// <summary>
/// Whatever can be read can be asked for its headers alone: a HEAD takes the route of the GET and the server sends no body.
/// Handlers see the method as it was sent, so they may save themselves the work.
/// </summary>
internal static class HeadRequests
{
    public static void UseRouting(WebApplication app)
    {
        app.Use(next => http =>
        {
            if (HttpMethods.IsHead(http.Request.Method))
            {
                http.Features.Set(Asked.Instance);
                http.Request.Method = HttpMethods.Get;
            }

            return next(http);
        });
        app.UseRouting();
        app.Use(next => http =>
        {
            if (http.Features.Get<Asked>() is not null)
            {
                http.Request.Method = HttpMethods.Head;
            }

            return next(http);
        });
    }

    /// <summary>Routing lists the methods of an address without the one that comes with GET.</summary>
    public static void CompleteAllow(IHeaderDictionary headers)
    {
        var allow = headers.Allow.ToString();
        if (allow.Split(',', StringSplitOptions.TrimEntries) is var methods && methods.Contains("GET") && !methods.Contains("HEAD"))
        {
            headers.Allow = new StringValues(allow + ", HEAD");
        }
    }

    private sealed class Asked
    {
        public static readonly Asked Instance = new();
    }
}
