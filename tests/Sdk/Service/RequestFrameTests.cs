using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.Sdk.Sample;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Tests.Service;

public sealed class RequestFrameTests : IAsyncLifetime
{
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Work_that_its_sender_does_not_wait_for_any_longer_is_cancelled()
    {
        var answer = await SendAsync("/api/v1/endless", ("X-Request-Timeout-Ms", "50"));

        Assert.True(answer.Problem(504, "deadlineExceeded").GetProperty("retryable").GetBoolean());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("999999999999")]
    public async Task A_deadline_that_is_none_is_no_deadline(string value) =>
        Assert.Equal(200, (await SendAsync("/api/v1/notes", ("X-Request-Timeout-Ms", value))).Status);

    [Fact]
    public async Task A_sender_who_leaves_ends_the_work_and_is_logged_as_such()
    {
        using var gone = new CancellationTokenSource();
        var call = _service.Client.GetAsync("/api/v1/endless", gone.Token);
        var drain = (Drain)_service.Services.GetService(typeof(Drain))!;
        await Eventually.TrueAsync(() => drain.Running == 1, "the request runs");

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.TrueAsync(() => _service.Log.All.Any(line => line.Contains("status_code\":499", StringComparison.Ordinal)), "the request is logged");
        Assert.DoesNotContain(_service.Log.All, line => line.Contains("error.type", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_problem_that_travelled_as_an_exception_arrives_as_itself()
    {
        var answer = await SendAsync("/api/v1/full");

        answer.Problem(503, "full");
        Assert.Equal("7", answer.Header("Retry-After"));
    }

    [Fact]
    public async Task A_page_may_load_its_own_parts_and_nothing_else()
    {
        var policy = (await SendAsync("/page")).Header("Content-Security-Policy");

        Assert.StartsWith("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_came_by_an_encrypted_connection_is_told_to_keep_to_it()
    {
        Assert.Equal("max-age=31536000; includeSubDomains; preload", (await SendAsync("/api/v1/notes", ("Forwarded", "for=203.0.113.9;proto=https"))).Header("Strict-Transport-Security"));
        Assert.Null((await SendAsync("/api/v1/notes", ("Forwarded", "for=203.0.113.9;proto=http"))).Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task An_address_of_the_kit_is_only_read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ready");
        var answer = await Answer.OfAsync(_service.Client, request);

        Assert.Equal(405, answer.Status);
        Assert.Equal("GET, HEAD", answer.Header("Allow"));
        Assert.Equal("methodNotAllowed", answer.Json().GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_value_of_the_address_that_has_no_form_is_not_found() =>
        (await SendAsync("/api/v1/notes/not-an-id")).Problem(404, "notFound");

    private async Task<Answer> SendAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Answer.OfAsync(_service.Client, request);
    }
}
