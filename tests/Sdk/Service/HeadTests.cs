using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.Sdk.Sample;

namespace Slipway.Sdk.Tests.Service;

public sealed class HeadTests : IAsyncLifetime
{
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("/api/v1/notes")]
    [InlineData("/api/v1/count")]
    [InlineData("/page")]
    [InlineData("/api/v1/me")]
    [InlineData("/api/v1/full")]
    [InlineData("/nowhere")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/ready")]
    public async Task Headers_alone_are_those_of_the_whole_answer(string path)
    {
        var head = await SendAsync(HttpMethod.Head, path);
        var whole = await SendAsync(HttpMethod.Get, path);

        Assert.Equal((whole.Status, ""), (head.Status, head.Body));
        foreach (var name in (string[])["Content-Type", "Cache-Control", "Content-Security-Policy", "RateLimit-Policy", "WWW-Authenticate", "Retry-After"])
        {
            Assert.Equal(whole.Header(name), head.Header(name));
        }
    }

    [Fact]
    public async Task The_length_of_the_body_that_is_left_out_is_told() =>
        Assert.Equal((await SendAsync(HttpMethod.Get, "/api/v1/notes")).Header("Content-Length"), (await SendAsync(HttpMethod.Head, "/api/v1/notes")).Header("Content-Length"));

    [Fact]
    public async Task A_stream_without_an_end_has_headers_that_end()
    {
        var answer = await SendAsync(HttpMethod.Head, "/api/v1/numbers/events");

        Assert.Equal((200, "text/event-stream"), (answer.Status, answer.Header("Content-Type")));
    }

    [Fact]
    public async Task What_is_only_written_has_no_headers_to_read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/count");

        var answer = await Answer.OfAsync(_service.Client, request);

        answer.Problem(405, "methodNotAllowed");
        Assert.Equal("GET, HEAD", answer.Header("Allow"));
    }

    [Fact]
    public async Task Figures_tell_a_head_from_a_get()
    {
        await SendAsync(HttpMethod.Head, "/api/v1/count");

        var metrics = (await SendAsync(HttpMethod.Get, "/metrics")).Body;

        Assert.Contains("http_server_request_duration_seconds_count{http_route=\"/api/v1/count\",http_request_method=\"HEAD\"", metrics, StringComparison.Ordinal);
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        return await Answer.OfAsync(_service.Client, request);
    }
}
