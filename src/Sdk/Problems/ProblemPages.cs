using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Problems;

/// <summary><c>/problems</c> lists the codes of the service, <c>/problems/{code}</c> says what one means and what to do. It is where the type of a problem leads.</summary>
internal static class ProblemPages
{
    public const string Root = "/problems";

    // The look is that of the page at /docs, which comes from the service itself as well.
    private const string Policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static async Task AnswerAsync(HttpContext http)
    {
        var texts = http.RequestServices.GetRequiredService<ProblemTexts>();
        var service = http.RequestServices.GetRequiredService<ServiceIdentity>().Name;
        var name = http.Request.Path.Value![Root.Length..].Trim('/');
        var body = name.Length == 0 ? List(texts, service) : texts.Find(name) is { } text ? Page(text, service) : null;
        if (body is null)
        {
            await ProblemResults.WriteAsync(http, Problem.NotFound("problem of this service"));
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ContentLanguage = "en";
        http.Response.Headers.ContentSecurityPolicy = Policy;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static string Page(ProblemText text, string service) => Frame(
        text.Title,
        $"""
        <h1>{Encoded(text.Title)}</h1>
        <p>Problem <code>{Encoded(text.Code)}</code> of <code>{Encoded(service)}</code>, status {text.Status.ToString(CultureInfo.InvariantCulture)}</p>
        <h2>What it means</h2>
        <p>{Encoded(text.Meaning)}</p>
        <h2>What to do</h2>
        <p>{Encoded(text.Remedy)}</p>
        <p><a href="{Root}">All problems of this service</a></p>
        """);

    private static string List(ProblemTexts texts, string service)
    {
        var rows = new StringBuilder();
        foreach (var text in texts.All)
        {
            rows.Append(CultureInfo.InvariantCulture,
                $"""<tr><td><a href="{Root}/{ProblemTexts.NameOf(text)}"><code>{Encoded(text.Code)}</code></a></td><td>{text.Status}</td><td>{Encoded(text.Title)}</td></tr>""");
        }

        return Frame(
            $"Problems of {service}",
            $"""
            <h1>Problems of <code>{Encoded(service)}</code></h1>
            <p>Every failed call names one of these codes. <a href="/docs">What can be called</a></p>
            <table>
            <thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">What happened</th></tr></thead>
            <tbody>{rows}</tbody>
            </table>
            """);
    }

    private static string Frame(string title, string main) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Encoded(title)}</title>
        <link rel="stylesheet" href="/docs/docs.css">
        </head>
        <body>
        <main class="words">
        {main}
        </main>
        </body>
        </html>

        """;

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
