using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Sample;

namespace Slipway.Sdk.Tests.Documents;

public sealed class DeprecatedEndpointsTests : IAsyncLifetime
{
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Who_calls_what_will_go_hears_since_when_until_when_and_what_comes_after()
    {
        using var answer = await _service.Client.GetAsync("/api/v1/old-notes/a%20b");

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("@1767225600", Assert.Single(answer.Headers.GetValues("Deprecation")));
        Assert.Equal("Thu, 31 Dec 2026 00:00:00 GMT", Assert.Single(answer.Headers.GetValues("Sunset")));
        Assert.Equal("</api/v1/notes/a%20b>; rel=\"successor-version\"", Assert.Single(answer.Headers.GetValues("Link")));
    }

    [Fact]
    public async Task A_group_tells_it_for_each_of_its_calls_beside_their_own_links()
    {
        using var answer = await _service.Client.GetAsync("/api/old/lines");

        var links = string.Join(", ", answer.Headers.GetValues("Link"));
        Assert.Contains("rel=\"first\"", links, StringComparison.Ordinal);
        Assert.Contains("</api/v1/lines>; rel=\"successor-version\"", links, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stays_says_nothing_of_the_kind()
    {
        using var answer = await _service.Client.GetAsync("/api/v1/notes");

        Assert.False(answer.Headers.Contains("Deprecation") || answer.Headers.Contains("Sunset"));
    }

    [Fact]
    public async Task Calls_of_what_will_go_are_counted()
    {
        using var answer = await _service.Client.GetAsync("/api/v1/old-notes/1");

        var metrics = await _service.Client.GetStringAsync("/metrics");

        Assert.Contains("api_deprecated_requests_total{http_route=\"/api/v1/old-notes/{id}\"} 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_marks_it()
    {
        using var document = JsonDocument.Parse(await _service.Client.GetStringAsync("/openapi/v1.json"));

        var operation = document.RootElement.GetProperty("paths").GetProperty("/api/v1/old-notes/{id}").GetProperty("get");
        Assert.True(operation.GetProperty("deprecated").GetBoolean());
        Assert.Equal("2026-12-31", operation.GetProperty("x-sunset").GetString());
    }

    [Fact]
    public void Callers_have_half_a_year()
    {
        var app = SampleService.Create([], options => options.Environment = _ => null).Builder.Build();

        var hasty = Assert.Throws<ArgumentException>(() => app.MapGet("/x", () => "x").OpenToAll("a test").Deprecated(new(2026, 1, 1), new(2026, 6, 29), "/y"));

        Assert.Contains("180 days", hasty.Message, StringComparison.Ordinal);
    }
}
