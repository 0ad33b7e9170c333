using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Slipway.Sdk.Paging;

/// <summary>The neighbouring pages as a Link header (RFC 8288); relative, since a service does not know the name it is reached by.</summary>
public static class Links
{
    public static void Write(HttpResponse response, Page page) => response.Headers.Link = Text(response.HttpContext.Request, page);

    /// <summary>The header's value, for answers that are kept before they are sent.</summary>
    public static string Text(HttpRequest request, Page page)
    {
        var links = new StringBuilder();
        Append(links, request, page.Limit, null, "first");
        if (page.Next is not null)
        {
            Append(links, request, page.Limit, page.Next, "next");
        }

        if (page.Prev is not null)
        {
            Append(links, request, page.Limit, page.Prev, "prev");
        }

        return links.ToString();
    }

    private static void Append(StringBuilder links, HttpRequest request, int limit, string? cursor, string relation)
    {
        var query = new QueryBuilder();
        foreach (var (name, values) in request.Query)
        {
            if (name is not ("cursor" or "limit"))
            {
                query.Add(name, values.Select(value => value ?? ""));
            }
        }

        query.Add("limit", limit.ToString(CultureInfo.InvariantCulture));
        if (cursor is not null)
        {
            query.Add("cursor", cursor);
        }

        links.Append(links.Length == 0 ? "<" : ", <")
            .Append(request.PathBase.Add(request.Path).ToUriComponent())
            .Append(query.ToQueryString().ToUriComponent())
            .Append(CultureInfo.InvariantCulture, $">; rel=\"{relation}\"");
    }
}
