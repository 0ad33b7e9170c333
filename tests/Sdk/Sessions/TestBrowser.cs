using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sdk.Hosting;

namespace Slipway.Sdk.Tests.Sessions;

/// <summary>Keeps cookies, says the host it believes to be at, and follows nothing by itself.</summary>
internal sealed class TestBrowser(RunningService service)
{
    public const string Origin = "http://shop.localhost:8080";

    public Dictionary<string, string> Cookies { get; } = [];

    public string? CsrfToken { get; set; }

    public TestBrowser At(RunningService other)
    {
        var copy = new TestBrowser(other) { CsrfToken = CsrfToken };
        foreach (var (name, value) in Cookies)
        {
            copy.Cookies[name] = value;
        }

        return copy;
    }

    public Task<HttpResponseMessage> GetAsync(string path, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), completion);

    public Task<HttpResponseMessage> PostAsync(string path, string? body = null, string? origin = Origin, string? csrf = "own")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        if ((csrf == "own" ? CsrfToken : csrf) is { } token)
        {
            request.Headers.Add("X-Csrf-Token", token);
        }

        return SendAsync(request);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        request.Headers.Host = "shop.localhost:8080";
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        var response = await service.Client.SendAsync(request, completion, TestContext.Current.CancellationToken);
        foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            Assert.Contains("httponly", set);
            Assert.Contains("secure", set);
            Assert.Contains("samesite=lax", set);
            Assert.StartsWith("__Host-", set);
            var pair = set.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
            {
                Cookies.Remove(pair[0]);
            }
            else
            {
                Cookies[pair[0]] = pair[1];
            }
        }

        return response;
    }

    public async Task<JsonNode> SessionAsync()
    {
        using var answer = await GetAsync("/session");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    /// <summary>The whole way there and back.</summary>
    public async Task<HttpResponseMessage> SignInAsync(FakeIdentity identity, string returnTo = "/inbox?x=1")
    {
        using var away = await GetAsync("/session/sign-in?returnTo=" + Uri.EscapeDataString(returnTo));
        Assert.Equal(HttpStatusCode.Redirect, away.StatusCode);
        var back = await GetAsync(new Uri(identity.SignIn(away.Headers.Location!)).PathAndQuery);
        CsrfToken = (string?)(await SessionAsync())["csrfToken"];
        return back;
    }
}
