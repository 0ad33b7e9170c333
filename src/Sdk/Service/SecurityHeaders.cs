using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Service;

/// <summary>What every answer tells browsers. An endpoint that sends its own policy keeps it.</summary>
internal static class SecurityHeaders
{
    /// <summary>Data is never a page: it loads nothing and nobody frames it.</summary>
    public const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Pages load from their own origin only.</summary>
    public const string PagePolicy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Write(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Origin-Agent-Cluster"] = "?1";
        headers.XFrameOptions = "DENY";
        headers.XXSSProtection = "0";
        headers["X-DNS-Prefetch-Control"] = "off";
        headers["X-Download-Options"] = "noopen";
        headers["X-Permitted-Cross-Domain-Policies"] = "none";
    }

    /// <summary>The kind of answer is known only when it starts.</summary>
    public static void WritePolicy(HttpResponse response)
    {
        if (response.Headers.ContentSecurityPolicy.Count == 0)
        {
            var isPage = response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) is true;
            response.Headers.ContentSecurityPolicy = isPage ? PagePolicy : DataPolicy;
        }

        if (ClientAddress.OverTls(response.HttpContext))
        {
            response.Headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains; preload";
        }
    }
}
