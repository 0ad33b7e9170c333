using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.Sdk.Sample;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Tests.Service;

public sealed class CorsTests : IAsyncLifetime
{
    private const string Friend = "http://todo.localhost:8080";

    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(
        SampleService.Create, SampleService.Map, new Dictionary<string, string?> { ["CORS_ORIGINS"] = Friend, ["ALLOWED_ORIGINS"] = "https://shop.example.test/" });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData(Friend, true)]
    [InlineData("https://shop.example.test", true)]
    [InlineData("http://todo.localhost:8081", false)]
    [InlineData("https://todo.localhost:8080", false)]
    [InlineData("http://todo.localhost:8080.evil.test", false)]
    [InlineData("null", false)]
    public async Task Pages_of_listed_origins_may_read_answers(string origin, bool allowed)
    {
        var answer = await SendAsync(HttpMethod.Get, "/api/v1/notes", ("Origin", origin));

        Assert.Equal(allowed ? origin : null, answer.Header("Access-Control-Allow-Origin"));
        Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
        Assert.Contains("Origin", answer.Header("Vary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_beforehand_is_answered_for_friends_only()
    {
        var friend = await SendAsync(HttpMethod.Options, "/api/v1/notes", ("Origin", Friend), ("Access-Control-Request-Method", "POST"));
        var stranger = await SendAsync(HttpMethod.Options, "/api/v1/notes", ("Origin", "http://evil.test"), ("Access-Control-Request-Method", "POST"));

        Assert.Equal(204, friend.Status);
        Assert.Contains("PATCH", friend.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key", friend.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Null(stranger.Header("Access-Control-Allow-Origin"));
        Assert.Equal(405, stranger.Status);
    }

    [Fact]
    public async Task Problems_can_be_read_by_friends_too() =>
        Assert.Equal(Friend, (await SendAsync(HttpMethod.Get, "/api/v1/broken", ("Origin", Friend))).Header("Access-Control-Allow-Origin"));

    [Fact]
    public void An_origin_that_is_none_is_a_mistake()
    {
        var service = SampleService.Create([], options => options.Environment = name => name == "CORS_ORIGINS" ? "*, todo.localhost" : null);

        Assert.Equal(2, Assert.Throws<SettingsException>(() => service.Build(SampleService.Map)).Mistakes.Count);
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Answer.OfAsync(_service.Client, request);
    }
}
