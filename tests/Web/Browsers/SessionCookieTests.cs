using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Web.Tests.Browsers;

/// <summary>What the session rule rests on: which cookies a browser keeps where.</summary>
public sealed class SessionCookieTests(Chromium chromium)
{
    [Fact]
    public async Task A_host_cookie_is_kept_over_plain_http_under_localhost_names()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapGet("/", (HttpContext http) =>
        {
            http.Response.Headers.Append("Set-Cookie", "__Host-session=kept; Path=/; Secure; HttpOnly; SameSite=Lax");
            return Results.Content("<title>set</title>", "text/html");
        });
        app.MapGet("/shown", (HttpContext http) => http.Request.Headers.Cookie.ToString());
        await app.StartAsync();
        var port = new Uri(app.Urls.Single()).Port;

        await using var profile = await chromium.ProfileAsync();
        var page = await profile.NewPageAsync();
        foreach (var host in new[] { "todo.localhost", "localhost" })
        {
            await page.GotoAsync($"http://{host}:{port}/");
            await page.GotoAsync($"http://{host}:{port}/shown");
            Assert.Equal("__Host-session=kept", await page.InnerTextAsync("body"));
        }

        // Nor does it travel to the neighbour: each app has a host, and so a session, of its own.
        await page.GotoAsync($"http://identity.localhost:{port}/shown");
        Assert.Equal("", await page.InnerTextAsync("body"));
    }
}
