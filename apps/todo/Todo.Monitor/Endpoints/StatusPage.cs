using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Monitor.Page;
using Todo.Monitor.Status;

namespace Todo.Monitor.Endpoints;

/// <summary><c>GET /</c>: the page for everybody, and the stylesheet it is allowed to use.</summary>
internal static class StatusPage
{
    private const string Policy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly byte[] s_style = Read("status.css");

    /// <summary>The address changes with the content, so a browser may keep it for good.</summary>
    private static readonly string s_stylePath = $"/status-{Convert.ToHexStringLower(SHA256.HashData(s_style))[..12]}.css";

    public static void Map(WebApplication app)
    {
        app.MapGet("/", HandleAsync).OpenToAll("the state of the services is public").WithName("statusPage").ExcludeFromDescription();
        app.MapGet(s_stylePath, Style).OpenToAll("belongs to the public page").WithName("statusStyle").ExcludeFromDescription();
    }

    private static async Task<IResult> HandleAsync(HttpRequest request, RecentPicture recent, CancellationToken cancellation)
    {
        var query = Query.Of(request);
        var words = PageText.For(query.Text("lang", 10), request.Headers.AcceptLanguage);
        if (query.Problem() is { } stray)
        {
            return stray.ToResult();
        }

        var html = StatusHtml.Write(await recent.GetAsync(cancellation), words, s_stylePath);
        return new Reply(
            200,
            [
                new("Content-Type", "text/html; charset=utf-8"),
                new("Content-Language", words.Language),
                new("Content-Security-Policy", Policy),
                new("Cache-Control", "public, max-age=5"),
                new("Vary", "Accept-Language"),
            ],
            Encoding.UTF8.GetBytes(html));
    }

    private static Reply Style() => new(
        200, [new("Content-Type", "text/css; charset=utf-8"), new("Cache-Control", "public, max-age=31536000, immutable")], s_style);

    private static byte[] Read(string name)
    {
        using var stream = typeof(StatusPage).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
