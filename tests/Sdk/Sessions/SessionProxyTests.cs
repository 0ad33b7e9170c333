using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Hosting;

namespace Slipway.Sdk.Tests.Sessions;

[Collection(SessionTestGroup.Name)]
public sealed class SessionProxyTests
{
    private readonly TestPostgres _postgres;
    private readonly SessionScene _scene;
    private readonly TestBrowser _browser;

    public SessionProxyTests(SharedSessionScene shared, TestPostgres postgres)
    {
        _postgres = postgres;
        _scene = shared.Fresh();
        _scene.Seen.Clear();
        _browser = new TestBrowser(_scene.Service);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_of_the_page_arrives_with_the_token_and_without_the_cookie()
    {
        await SignInAsync();
        using var answer = await _browser.GetAsync("/api/shop/orders/a%2Fb/lines?q=%C3%A4&limit=2");

        Assert.Equal("from the api", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("\"3\"", answer.Headers.ETag!.Tag);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var seen = Assert.Single(_scene.Seen);
        Assert.Equal(("shop-api.localhost:8080", "GET", "/api/v1/orders/a%2Fb/lines?q=%C3%A4&limit=2"), (seen.Host, seen.Method, seen.Target));
        Assert.Contains("\"jti\":\"access-", Claims(seen));
        Assert.False(seen.Headers.ContainsKey("Cookie"));
        Assert.True(seen.Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task Without_a_session_the_call_goes_on_without_a_token()
    {
        using var answer = await _browser.GetAsync("/api/status?fast=1");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var seen = Assert.Single(_scene.Seen);
        Assert.Equal(("monitor.localhost:8080", "/api/v1/status?fast=1"), (seen.Host, seen.Target));
        Assert.False(seen.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("/api/shop/x/../../../admin")]
    [InlineData("/api/shop/%2e%2e/%2e%2e/admin")]
    [InlineData("/api/shop/..%2f..%2fadmin")]
    [InlineData("/api/shop/..%5c..%5cadmin")]
    [InlineData("/api/shop//evil.example/x")]
    public async Task Nobody_climbs_out_of_the_target(string path)
    {
        // Past every client that would tidy the path first.
        using var wire = new System.Net.Sockets.TcpClient();
        await wire.ConnectAsync(_scene.Service.Address.Host, _scene.Service.Address.Port, Cancellation);
        await wire.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: shop.localhost:8080\r\nConnection: close\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(wire.GetStream());
        await reader.ReadToEndAsync(Cancellation);

        Assert.All(_scene.Seen, seen => Assert.StartsWith("/api/v1/", seen.Target));
        Assert.All(_scene.Seen, seen => Assert.Equal("shop-api.localhost:8080", seen.Host));
    }

    [Theory]
    [InlineData("http://evil.example", "own", "foreignOrigin")]
    [InlineData("http://todo.localhost:8080", "own", "foreignOrigin")]
    [InlineData("null", "own", "foreignOrigin")]
    [InlineData(null, "own", "foreignOrigin")]
    [InlineData(TestBrowser.Origin, null, "csrfToken")]
    [InlineData(TestBrowser.Origin, "made-up", "csrfToken")]
    public async Task A_change_from_elsewhere_is_refused(string? origin, string? csrf, string code)
    {
        await SignInAsync();
        using var answer = await _browser.PostAsync("/api/shop/orders", "{}", origin, csrf);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(code, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!["code"]);
        Assert.Empty(_scene.Seen);
    }

    [Fact]
    public async Task A_change_of_the_own_page_arrives_with_its_body_and_headers()
    {
        await SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/shop/orders/7") { Content = new StringContent("""{"a":1}""", Encoding.UTF8, "application/merge-patch+json") };
        request.Headers.Add("Origin", TestBrowser.Origin);
        request.Headers.Add("X-Csrf-Token", _browser.CsrfToken);
        request.Headers.Add("If-Match", "\"7\"");
        using var answer = await _browser.SendAsync(request);

        var seen = Assert.Single(_scene.Seen);
        Assert.Equal((HttpStatusCode.OK, "PATCH", """{"a":1}"""), (answer.StatusCode, seen.Method, seen.Body));
        Assert.Equal(("\"7\"", "application/merge-patch+json; charset=utf-8"), (seen.Headers["If-Match"], seen.Headers["Content-Type"]));
        Assert.False(seen.Headers.ContainsKey("X-Csrf-Token"));
    }

    [Fact]
    public async Task A_token_about_to_end_is_renewed_once_however_many_ask_on_however_many_instances()
    {
        _scene.Identity.Lifetime = 30;
        await SignInAsync();
        _scene.Identity.Lifetime = 600;
        var before = _scene.Identity.Refreshes;
        await using var other = await _scene.AnotherInstanceAsync();
        var there = _browser.At(other);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? _browser : there).GetAsync("/api/shop/orders")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(before + 1, _scene.Identity.Refreshes);
        Assert.Equal(12, _scene.Seen.Count);
        Assert.Single(_scene.Seen.Select(seen => seen.Headers["Authorization"]).Distinct());
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task A_sign_in_that_identity_has_ended_ends_the_session()
    {
        _scene.Identity.Lifetime = 30;
        await SignInAsync();
        _scene.Identity.EndEverySignIn();

        using var answer = await _browser.GetAsync("/api/shop/orders");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(_browser.Cookies);
        Assert.Empty(_scene.Seen);
    }

    [Fact]
    public async Task A_mistake_of_the_identity_service_does_not_end_the_session()
    {
        _scene.Identity.Lifetime = 30;
        await SignInAsync();
        _scene.Identity.Confused = true;
        using var meanwhile = await _browser.GetAsync("/api/shop/orders");
        _scene.Identity.Confused = false;
        using var afterwards = await _browser.GetAsync("/api/shop/orders");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (meanwhile.StatusCode, afterwards.StatusCode));
        Assert.Single(_browser.Cookies);
    }

    [Fact]
    public async Task While_identity_is_away_the_old_token_serves_as_long_as_it_lasts()
    {
        _scene.Identity.Lifetime = 45;
        await SignInAsync();
        _scene.Identity.Down = true;

        using var answer = await _browser.GetAsync("/api/shop/orders");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Events_arrive_as_they_happen_and_leaving_ends_the_stream_behind()
    {
        using var next = new SemaphoreSlim(0);
        var left = new TaskCompletionSource();
        await using var scene = await SessionScene.StartAsync(_postgres, async http =>
        {
            http.Response.ContentType = "text/event-stream";
            http.RequestAborted.Register(() => left.TrySetResult());
            for (var i = 1; ; i++)
            {
                await http.Response.WriteAsync($"data: {i}\n\n");
                await http.Response.Body.FlushAsync();
                await next.WaitAsync(http.RequestAborted);
            }
        });
        var browser = new TestBrowser(scene.Service);
        using var signedIn = await browser.SignInAsync(scene.Identity);

        using (var answer = await browser.GetAsync("/api/shop/events", HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
            Assert.Equal("data: 1", await reader.ReadLineAsync(Cancellation));
            await reader.ReadLineAsync(Cancellation);
            next.Release();
            Assert.Equal("data: 2", await reader.ReadLineAsync(Cancellation));
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task Large_bodies_flow_through_both_ways()
    {
        var large = new string('x', 3_000_000);
        await using var scene = await SessionScene.StartAsync(_postgres, async http =>
        {
            var body = await new StreamReader(http.Request.Body).ReadToEndAsync();
            await http.Response.WriteAsync(body + body);
        });
        var browser = new TestBrowser(scene.Service);
        using var signedIn = await browser.SignInAsync(scene.Identity);

        using var answer = await browser.PostAsync("/api/shop/imports", large);

        Assert.Equal(large.Length * 2, (await answer.Content.ReadAsStringAsync(Cancellation)).Length);
    }

    [Fact]
    public async Task A_service_that_breaks_off_in_the_middle_is_not_taken_for_a_whole_answer()
    {
        await using var scene = await SessionScene.StartAsync(_postgres, async http =>
        {
            await http.Response.WriteAsync("half");
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        var browser = new TestBrowser(scene.Service);

        // Whether the first half got through before the connection broke is up to the network; a success it must never be.
        try
        {
            using var answer = await browser.GetAsync("/api/shop/orders");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The half answer broke off here, too.
        }
    }

    private async Task SignInAsync()
    {
        using var back = await _browser.SignInAsync(_scene.Identity);
        _scene.Seen.Clear();
    }

    private static string Claims(SeenRequest seen) =>
        Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(seen.Headers["Authorization"].Split('.')[1]));
}
