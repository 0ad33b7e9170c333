using System.Net.Http.Headers;
using System.Text.Json;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.Sdk.Sample;

namespace Slipway.Sdk.Tests.Callers;

/// <summary>The sample service and an issuer, talking over HTTP as in production.</summary>
public sealed class CallersOverHttpTests : IAsyncLifetime
{
    private readonly StandingTime _time = new(TimeProvider.System.GetUtcNow());
    private TestIssuer _issuer = null!;
    private RunningService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _service = await RunningService.StartAsync(SampleService.Create, SampleService.Map, _issuer.Environment, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_token_a_call_is_refused_and_told_how_to_come_back()
    {
        var answer = await GetAsync("/api/v1/me", null);

        answer.Problem(401, "unauthenticated");
        Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer not-a-token")]
    [InlineData("Bearer a.b.c")]
    public async Task What_is_no_token_is_refused(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        request.Headers.TryAddWithoutValidation("Authorization", header);

        (await Answer.OfAsync(_service.Client, request)).Problem(401);
    }

    [Fact]
    public async Task A_good_token_is_let_through()
    {
        var user = Guid.CreateVersion7();

        var answer = await GetAsync("/api/v1/me", Token(user));

        Assert.Equal(200, answer.Status);
        Assert.Equal(user.ToString(), answer.Json().GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_missing_scope_is_named()
    {
        var answer = await GetAsync("/api/v1/secrets", Token());

        Assert.Equal("sample.secrets:read", answer.Problem(403, "missingScope").GetProperty("missingScope").GetString());
        Assert.Contains("insufficient_scope", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal(200, (await GetAsync("/api/v1/secrets", Token(scopes: ["sample.secrets:read"]))).Status);
    }

    [Fact]
    public async Task A_role_opens_what_is_for_it()
    {
        (await GetAsync("/api/v1/admin", Token())).Problem(403, "forbidden");
        Assert.Equal(204, (await GetAsync("/api/v1/admin", Token(roles: ["admin"]))).Status);
    }

    [Fact]
    public async Task What_is_open_knows_its_caller_if_there_is_one_and_does_not_mind_a_bad_token()
    {
        var user = Guid.CreateVersion7();

        Assert.Equal(user.ToString(), Text(await GetAsync("/api/v1/whoever", Token(user))));
        Assert.Equal("nobody", Text(await GetAsync("/api/v1/whoever", null)));
        Assert.Equal("nobody", Text(await GetAsync("/api/v1/whoever", "rubbish")));
        _issuer.Down = true;
        Assert.Equal("nobody", Text(await GetAsync("/api/v1/whoever", "slp_test_1_aaaaaaaa")));
    }

    [Fact]
    public async Task Many_tokens_ask_for_the_keys_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync("/api/v1/me", Token())));

        Assert.Equal(1, _issuer.KeysAsked);
    }

    [Fact]
    public async Task A_new_key_is_fetched_when_its_first_token_comes_but_not_more_often_than_every_ten_seconds()
    {
        Assert.Equal(200, (await GetAsync("/api/v1/me", Token())).Status);
        _issuer.Rotate();
        (await GetAsync("/api/v1/me", Token())).Problem(401);
        Assert.Equal(1, _issuer.KeysAsked);

        _time.Now += TimeSpan.FromSeconds(10);

        Assert.Equal(200, (await GetAsync("/api/v1/me", Token())).Status);
        Assert.Equal(2, _issuer.KeysAsked);
    }

    [Fact]
    public async Task Known_keys_outlive_the_issuer()
    {
        Assert.Equal(200, (await GetAsync("/api/v1/me", Token())).Status);
        _issuer.Down = true;
        _time.Now += TimeSpan.FromHours(1);

        Assert.Equal(200, (await GetAsync("/api/v1/me", Token())).Status);
    }

    [Fact]
    public async Task Nobody_with_a_known_key_waits_for_an_issuer_that_hangs()
    {
        Assert.Equal(200, (await GetAsync("/api/v1/me", Token())).Status);
        _issuer.Hanging = true;
        _time.Now += TimeSpan.FromHours(1);

        Assert.Equal(200, (await GetAsync("/api/v1/me", Token())).Status);

        // The question is still out there, so the answer above did not wait for it.
        await Eventually.TrueAsync(() => _issuer.Waiting == 1, "the issuer is asked beside");
    }

    [Fact]
    public async Task Without_any_key_a_call_is_told_to_come_back_later()
    {
        _issuer.Down = true;

        var answer = await GetAsync("/api/v1/me", Token());

        Assert.True(answer.Problem(503, "identityUnavailable").GetProperty("retryable").GetBoolean());
        Assert.NotNull(answer.Header("Retry-After"));
    }

    [Fact]
    public async Task An_api_key_is_checked_and_believed_for_a_minute()
    {
        var user = Guid.CreateVersion7();
        var key = _issuer.ApiKey(user, "sample.secrets:read");
        Assert.Equal(user.ToString(), Text(await GetAsync("/api/v1/secrets", key)));

        _issuer.Withdraw(key);
        Assert.Equal(200, (await GetAsync("/api/v1/secrets", key)).Status);
        _time.Now += TimeSpan.FromSeconds(61);

        (await GetAsync("/api/v1/secrets", key)).Problem(401, "invalidApiKey");
    }

    [Fact]
    public async Task An_api_key_nobody_gave_out_is_refused() => (await GetAsync("/api/v1/me", "slp_test_9_0000000000")).Problem(401, "invalidApiKey");

    [Fact]
    public async Task Whoever_guesses_api_keys_is_not_believed_for_a_while_and_nobody_else_suffers()
    {
        var key = _issuer.ApiKey(Guid.CreateVersion7());
        for (var guess = 0; guess < 60; guess++)
        {
            (await GetAsync("/api/v1/me", $"slp_test_9_{guess}", from: "203.0.113.9")).Problem(401, "invalidApiKey");
        }

        var refused = await GetAsync("/api/v1/me", "slp_test_9_60", from: "203.0.113.9");
        refused.Problem(429, "tooManyRequests");
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal(200, (await GetAsync("/api/v1/me", key, from: "203.0.113.10")).Status);

        _time.Now += TimeSpan.FromSeconds(2);
        Assert.Equal(200, (await GetAsync("/api/v1/me", key, from: "203.0.113.9")).Status);
    }

    [Fact]
    public async Task An_api_key_that_cannot_be_checked_is_neither_good_nor_bad()
    {
        var key = _issuer.ApiKey(Guid.CreateVersion7());
        _issuer.Down = true;

        (await GetAsync("/api/v1/me", key)).Problem(503, "identityUnavailable");
    }

    [Fact]
    public async Task Logs_follow_a_caller_without_naming_them()
    {
        var user = Guid.CreateVersion7();
        await GetAsync("/api/v1/me", Token(user));

        await Eventually.TrueAsync(() => _service.Log.All.Any(line => line.Contains("\"user.id\"", StringComparison.Ordinal)), "a line about the caller");

        Assert.DoesNotContain(_service.Log.All, line => line.Contains(user.ToString(), StringComparison.Ordinal));
    }

    private string Token(Guid? user = null, string[]? scopes = null, string[]? roles = null) =>
        _issuer.Token("sample", user, scopes, roles, now: _time.Now, lifetime: TimeSpan.FromHours(3));

    private async Task<Answer> GetAsync(string path, string? credential, string? from = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (from is not null)
        {
            request.Headers.TryAddWithoutValidation("Forwarded", $"for={from};proto=http");
        }

        request.Headers.Authorization = credential is null ? null : new AuthenticationHeaderValue("Bearer", credential);
        return await Answer.OfAsync(_service.Client, request);
    }

    private static string? Text(Answer answer) => answer.Json().GetProperty("text").ValueKind == JsonValueKind.String ? answer.Json().GetProperty("text").GetString() : null;
}
