using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Sdk.Documents;

/// <summary><c>/openapi/v1.json</c> and <c>/docs</c>, a page that shows it. The page's parts come from this assembly; nothing is fetched elsewhere.</summary>
internal static class DocumentEndpoints
{
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static Task DocumentAsync(HttpContext http) =>
        SendAsync(http, "application/json", http.RequestServices.GetRequiredService<ServiceDocument>().Bytes);

    public static Task PageAsync(HttpContext http)
    {
        http.Response.Headers.ContentSecurityPolicy = PagePolicy;
        return SendAsync(http, "text/html; charset=utf-8", Resource("docs.html"));
    }

    public static Task ScriptAsync(HttpContext http) => SendAsync(http, "text/javascript; charset=utf-8", Resource("docs.js"));

    public static Task StyleAsync(HttpContext http) => SendAsync(http, "text/css; charset=utf-8", Resource("docs.css"));

    private static async Task SendAsync(HttpContext http, string type, byte[] body)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-cache";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static byte[] Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Documents/" + name)
            ?? throw new InvalidOperationException($"The page's part {name} is missing from the assembly.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
