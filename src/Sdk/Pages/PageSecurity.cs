using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Slipway.Sdk.Pages;

/// <summary>
/// What a page may do. Scripts, styles and calls come from its own host only and nothing is inline, so text that a stranger managed to put
/// into a page cannot run; no other site may frame it or keep a handle on its window.
/// </summary>
internal sealed class PageSecurity(PagesOptions options)
{
    private readonly StringValues _policy = string.Join("; ",
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        string.Join(' ', ["connect-src 'self'", .. options.ConnectSources]),
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'");

    private readonly bool _strictTransport = options.StrictTransport;

    public void Apply(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (_strictTransport)
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }
    }
}
