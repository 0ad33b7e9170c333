using System.Net;
using System.Net.Http.Json;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Tests.Sample;

namespace Slipway.Sdk.Tests;

public sealed class FirstLight : IAsyncLifetime
{
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("GET", "/live", 200)]
    [InlineData("GET", "/ready", 200)]
    [InlineData("GET", "/health", 200)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("DELETE", "/api/v1/notes", 405)]
    [InlineData("POST", "/api/v1/notes", 415)]
    [InlineData("GET", "/api/v1/notes?text=a", 200)]
    [InlineData("GET", "/api/v1/notes?txt=a", 422)]
    [InlineData("GET", "/api/v1/me", 401)]
    [InlineData("GET", "/api/v1/broken", 500)]
    public async Task Answers(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _service.Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        TestContext.Current.TestOutputHelper!.WriteLine(body);
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode} {body}");
        Assert.NotEmpty(body);
    }

    [Theory]
    [InlineData("""{"text":"hello"}""", 201)]
    [InlineData("""{"text":"hello","stars":"three"}""", 422)]
    [InlineData("""{"text":null,"x":1}""", 422)]
    [InlineData("""{"text":""", 400)]
    public async Task Reads(string json, int status)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await _service.Client.PostAsync("/api/v1/notes", content);
        var body = await response.Content.ReadAsStringAsync();
        TestContext.Current.TestOutputHelper!.WriteLine(body);
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode} {body}");
    }
}
