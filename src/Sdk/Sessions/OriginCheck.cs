using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Sessions;

/// <summary>
/// A cookie is sent with requests of every page that can make the browser send one. So a change must show that it comes from
/// our own page: by the browser's word (Origin) and by a token only our page can read.
/// </summary>
internal sealed class OriginCheck(Uri publicAddress)
{
    private readonly string _origin = publicAddress.GetLeftPart(UriPartial.Authority);

    public static bool Changes(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    public Problem? Refuse(HttpRequest request, SessionSeal seal, string cookie)
    {
        if (!IsOwn(request))
        {
            return new Problem(403, "foreignOrigin", "Not allowed", "This change does not come from a page of this address.")
            {
                Errors = [new Finding("foreignOrigin", "Origin must be that of the page's own address.") { Header = "Origin" }],
            };
        }

        return request.Headers["X-Csrf-Token"] is [{ } token] && seal.IsCsrfToken(cookie, token)
            ? null
            : new Problem(403, "csrfToken", "Not allowed", "Send the csrfToken of GET /session as X-Csrf-Token.")
            {
                Errors = [new Finding("csrfToken", "X-Csrf-Token is absent or not that of this session.") { Header = "X-Csrf-Token" }],
            };
    }

    private bool IsOwn(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (origin.Count == 0)
        {
            return request.Headers["Sec-Fetch-Site"] is ["same-origin"];
        }

        return origin is [{ } value]
            && (value.Equals(_origin, StringComparison.OrdinalIgnoreCase)
                || (Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)));
    }
}
