using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Web.Tests.Browsers;
using Slipway.Web.Tests.Product;
using Slipway.Web.Tests.Todos;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Web.Tests.Attacks;

/// <summary>Somebody is signed in here and opens a page elsewhere, which tries to act in their name.</summary>
public sealed class ForgeryTests(RunningProduct product, Chromium chromium)
{
    [Fact]
    public async Task A_page_of_another_origin_can_neither_change_nor_read_nor_frame_anything()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var evil = await EvilPage.OpenAsync(product);
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        await ada.SettleAsync();
        await ada.OpenTodosAsync();
        await ada.WriteTodoAsync("mine alone");
        await Expect(ada.Todo("mine alone")).ToHaveCountAsync(1);

        await ada.Page.GotoAsync(evil.Address.ToString());
        await ada.Page.WaitForFunctionAsync("() => document.title === 'done'");
        Assert.Equal("nothing", await ada.Page.InnerTextAsync("#learnt"));

        // A form needs no permission to be sent; it arrives without the cookie and without what only our own page knows.
        foreach (var form in new[] { "delete-account", "sign-out", "create" })
        {
            await ada.Page.EvaluateAsync($"document.getElementById('{form}').submit()");
            await ada.Page.WaitForURLAsync(url => !url.Contains("evil", StringComparison.Ordinal));
            await ada.Page.GotoAsync(evil.Address.ToString());
        }

        await ada.Page.GotoAsync(new Uri(product.Todo, "/all").ToString());
        await Expect(ada.Todo("mine alone")).ToHaveCountAsync(1);
        await Expect(ada.Todo("forged")).ToHaveCountAsync(0);
        await ada.OpenAccountAsync("/account");
        await Expect(ada.Heading("Profile")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_call_with_the_cookie_but_without_the_token_or_with_another_origin_is_refused()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.ReasonToSkip ?? "");
        await using var ada = await Person.ComeAsync(product, chromium, "ada");
        await ada.SettleAsync();
        await ada.OpenTodosAsync();
        var cookies = await ada.Profile.CookiesAsync([product.Todo.ToString()]);
        var session = Assert.Single(cookies, cookie => cookie.Name == "__Host-session");
        Assert.True(session.HttpOnly);
        Assert.True(session.Secure);
        Assert.Equal(Microsoft.Playwright.SameSiteAttribute.Lax, session.SameSite);
        Assert.Equal("", await ada.Page.EvaluateAsync<string>("document.cookie"));

        var token = await ada.Page.EvaluateAsync<string>("fetch('/session').then(answer => answer.json()).then(body => body.csrfToken)");
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(session.Value, token: null, origin: product.Todo));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(session.Value, token, origin: new Uri("http://evil.localhost")));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(session.Value, token: "made up", origin: product.Todo));
        Assert.Equal(HttpStatusCode.Created, await SendAsync(session.Value, token, origin: product.Todo));
    }

    private async Task<HttpStatusCode> SendAsync(string cookie, string? token, Uri origin)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{product.Todo.Port}/api/todo/todos");
        request.Headers.Host = product.Todo.Authority;
        request.Headers.Add("Cookie", $"__Host-session={cookie}");
        request.Headers.Add("Origin", origin.GetLeftPart(UriPartial.Authority));
        if (token is not null)
        {
            request.Headers.Add("X-Csrf-Token", token);
        }

        request.Content = new StringContent("""{"title":"by hand"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Another site, which knows our addresses.</summary>
    private sealed class EvilPage : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private EvilPage(WebApplication app) => _app = app;

        public Uri Address => new($"http://evil.localhost:{new Uri(_app.Urls.Single()).Port}/");

        public static async Task<EvilPage> OpenAsync(RunningProduct product)
        {
            await product.EnsureStartedAsync();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var page = Html(product.Todo.ToString().TrimEnd('/'), product.Identity.ToString().TrimEnd('/'));
            app.MapGet("/", () => Results.Content(page, "text/html"));
            await app.StartAsync();
            return new EvilPage(app);
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private static string Html(string todo, string identity) =>
            $$"""
            <!doctype html><title>prize</title><p id="learnt">nothing</p>
            <form id="delete-account" method="post" enctype="text/plain" action="{{identity}}/api/v1/account/erasure"><input name='{"password":"x","y":"' value='"}'></form>
            <form id="sign-out" method="post" action="{{todo}}/session/sign-out"></form>
            <form id="create" method="post" enctype="text/plain" action="{{todo}}/api/todo/todos"><input name='{"title":"forged","notes":"' value='"}'></form>
            <iframe src="{{identity}}/account"></iframe><iframe src="{{todo}}/"></iframe>
            <script>
              const learn = text => { document.getElementById('learnt').textContent = text; };
              const json = { method: 'POST', credentials: 'include', headers: { 'Content-Type': 'application/json' } };
              const calls = [
                fetch('{{todo}}/session', { credentials: 'include' }).then(answer => answer.text()).then(learn),
                fetch('{{identity}}/api/v1/account', { credentials: 'include' }).then(answer => answer.text()).then(learn),
                fetch('{{todo}}/api/todo/todos', { ...json, body: '{"title":"forged"}' }).then(() => learn('created')),
                fetch('{{identity}}/api/v1/session', { ...json, body: '{"email":"evil@people.example","password":"x"}' }).then(() => learn('signed in')),
                fetch('{{todo}}/api/todo/todos', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"title":"forged"}' }),
              ];
              Promise.allSettled(calls).then(() => { document.title = 'done'; });
            </script>
            """;
    }
}
