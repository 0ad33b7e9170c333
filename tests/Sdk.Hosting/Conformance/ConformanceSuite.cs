using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Hosting.Conformance;

/// <summary>
/// The rules every service keeps, asked over HTTP. A service's test project derives from it:
/// <c>public sealed class Conformance(MySubject subject) : ConformanceSuite(subject), IClassFixture&lt;MySubject&gt;;</c>
/// </summary>
public abstract class ConformanceSuite(ConformanceSubject subject)
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    private HttpClient Client => subject.Service.Client;

    [Theory]
    [InlineData("/live")]
    [InlineData("/ready")]
    [InlineData("/health")]
    public async Task The_health_addresses_answer_without_a_caller(string path)
    {
        var answer = await GetAsync(path, anonymous: true);

        Assert.True(answer.Status == 200, $"{answer.Status}: {answer.Body}");
        Assert.False(string.IsNullOrEmpty(answer.Json().GetProperty("status").GetString()));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task Health_keeps_its_details_from_callers_outside()
    {
        var inside = await GetAsync("/health", anonymous: true);
        var outside = await GetAsync("/health", anonymous: true, ("Forwarded", "for=203.0.113.9;host=x;proto=http"));

        Assert.Equal(JsonValueKind.Array, inside.Json().GetProperty("checks").ValueKind);
        Assert.False(outside.Json().TryGetProperty("checks", out _));
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_a_problem() => (await GetAsync("/nowhere/at-all")).Problem(404, "notFound");

    [Fact]
    public async Task A_method_that_does_not_exist_is_a_problem_that_names_the_others()
    {
        using var request = Request(HttpMethod.Trace, subject.BodyPath);

        var answer = await Answer.OfAsync(Client, request);

        answer.Problem(405, "methodNotAllowed");
        Assert.Contains("POST", answer.Header("Allow"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_be_read_can_be_asked_for_its_headers_alone()
    {
        using var request = Request(HttpMethod.Head, subject.QueryPath);

        var head = await Answer.OfAsync(Client, request);
        var whole = await GetAsync(subject.QueryPath);

        Assert.Equal(whole.Status, head.Status);
        Assert.Equal(whole.Header("Content-Type"), head.Header("Content-Type"));
        Assert.Equal(whole.Header("ETag"), head.Header("ETag"));
        Assert.Empty(head.Body);
    }

    [Fact]
    public async Task A_body_of_another_kind_is_refused() => (await PostAsync(subject.ValidBody, "text/plain")).Problem(415, "unsupportedMediaType");

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{\"a\":1,}")]
    [InlineData("\u0000")]
    public async Task A_body_that_is_not_json_is_refused(string body) => (await PostAsync(body)).Problem(400, "malformedJson");

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public async Task A_body_that_is_no_object_is_invalid(string body)
    {
        var problem = (await PostAsync(body)).Problem(422, "invalid");

        Assert.Equal("", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_body_nested_too_deeply_is_refused() =>
        (await PostAsync(string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40))).Problem(400, "malformedJson");

    [Fact]
    public async Task A_field_nobody_knows_is_named_by_its_pointer()
    {
        var body = subject.ValidBody.TrimEnd()[..^1] + (subject.ValidBody.Contains(':', StringComparison.Ordinal) ? "," : "") + "\"definitelyUnknown\":1}";

        var problem = (await PostAsync(body)).Problem(422, "invalid");

        var error = problem.GetProperty("errors").EnumerateArray().Single(error => error.GetProperty("code").GetString() == "unknownField");
        Assert.Equal("/definitelyUnknown", error.GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_parameter_nobody_knows_is_named()
    {
        var problem = (await GetAsync(subject.QueryPath + "?definitelyUnknown=1")).Problem(422, "invalid");

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray().ToList());
        Assert.Equal("definitelyUnknown", error.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task A_request_id_comes_back()
    {
        var answer = await GetAsync(subject.QueryPath, anonymous: false, ("X-Request-Id", "support-call.4711"));

        Assert.Equal("support-call.4711", answer.Header("X-Request-Id"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("short")]
    [InlineData("not acceptable!")]
    public async Task A_request_without_a_harmless_id_gets_a_new_one(string? sent)
    {
        var answer = sent is null ? await GetAsync("/nowhere") : await GetAsync("/nowhere", anonymous: false, ("X-Request-Id", sent));

        Assert.True(Guid.TryParse(answer.Header("X-Request-Id"), out var id) && id.Version == 7);
    }

    [Fact]
    public async Task The_senders_trace_goes_on()
    {
        var answer = await GetAsync("/nowhere", anonymous: false, ("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01"));

        Assert.Equal(TraceId, answer.Problem(404).GetProperty("traceId").GetString());
    }

    [Theory]
    [InlineData("/live")]
    [InlineData("/nowhere")]
    [InlineData("/openapi/v1.json")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        var answer = await GetAsync(path);

        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.NotNull(answer.Header("Referrer-Policy"));
        Assert.Equal("DENY", answer.Header("X-Frame-Options"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Opener-Policy"));
        Assert.Contains("default-src 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Null(answer.Header("Server"));
    }

    [Fact]
    public async Task Answers_say_where_the_time_went() =>
        Assert.StartsWith("app;dur=", (await GetAsync(subject.QueryPath)).Header("Server-Timing"), StringComparison.Ordinal);

    [Fact]
    public async Task Answers_say_what_is_left_of_the_callers_limit()
    {
        var answer = await GetAsync(subject.QueryPath);

        Assert.Matches("^\"[^\"]+\";q=\\d+;w=\\d+", answer.Header("RateLimit-Policy"));
        Assert.Matches("^\"[^\"]+\";r=\\d+;t=\\d+", answer.Header("RateLimit"));
    }

    [Fact]
    public async Task Metrics_are_for_callers_inside_only()
    {
        var inside = await GetAsync("/metrics", anonymous: true);
        var outside = await GetAsync("/metrics", anonymous: true, ("Forwarded", "for=203.0.113.9"));

        Assert.Equal(200, inside.Status);
        Assert.Contains("process_resident_memory_bytes", inside.Body, StringComparison.Ordinal);
        outside.Problem(404, "notFound");
    }

    [Fact]
    public async Task Requests_are_measured_under_their_route_and_never_under_their_path()
    {
        await GetAsync("/nowhere/4711-secret-path");

        var metrics = (await GetAsync("/metrics", anonymous: true)).Body;

        Assert.Contains("http_server_request_duration_seconds_count{http_route=\"unmatched\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        var endpoints = subject.Service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.NotEmpty(endpoints);
        Assert.All(endpoints, endpoint => Assert.True(Declarations.Has(endpoint), endpoint.DisplayName));
    }

    [Fact]
    public async Task Every_operation_of_the_document_has_an_id_and_tells_its_problems()
    {
        var document = (await GetAsync("/openapi/v1.json", anonymous: true)).Json();

        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToList();
        Assert.NotEmpty(operations);
        var ids = operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).ToList();
        Assert.All(ids, id => Assert.False(string.IsNullOrEmpty(id)));
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(operations, operation => Assert.True(operation.Value.GetProperty("responses").TryGetProperty("500", out _)));
    }

    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served()
    {
        if (subject.DocumentFile is not { } file)
        {
            return;
        }

        var served = (await GetAsync("/openapi/v1.json", anonymous: true)).Body;
        var committed = await File.ReadAllTextAsync(Path.Combine(Repository.Root, file));

        Assert.True(served == committed, $"What the service offers has changed; look at the difference and write it down: dotnet <service>.dll openapi > {file}");
    }

    [Fact]
    public async Task The_documents_page_loads_nothing_from_elsewhere()
    {
        var page = await GetAsync("/docs", anonymous: true);

        Assert.Equal(200, page.Status);
        Assert.StartsWith("text/html", page.Header("Content-Type"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("://", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_problem_has_a_page_that_explains_it()
    {
        foreach (var code in subject.SourceFolder is { } folder ? ProblemCodes.In(folder) : ["invalid"])
        {
            var page = await GetAsync($"/problems/{code}", anonymous: true);

            Assert.True(page.Status == 200, $"The problem {code} is not explained; add it to what the service gives to Explain.");
            Assert.StartsWith("text/html", page.Header("Content-Type"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_service_that_stops_is_not_ready_takes_nothing_new_and_finishes_what_runs()
    {
        await using var service = await subject.StartAsync();
        using var other = service.NewClient();
        using var body = new PausedBody(subject.ValidBody);
        using var request = Request(HttpMethod.Post, subject.BodyPath);
        request.Content = body;
        var running = Answer.OfAsync(service.Client, request);
        await WaitAsync(() => service.Services.GetRequiredService<Drain>().Running > 0);

        var drained = service.DrainAsync();
        using var ready = Request(HttpMethod.Get, "/ready", anonymous: true);
        using var fresh = Request(HttpMethod.Get, subject.QueryPath);
        var notReady = await Answer.OfAsync(other, ready);
        var refused = await Answer.OfAsync(other, fresh);

        Assert.Equal(503, notReady.Status);
        refused.Problem(503, "stopping");
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.False(drained.IsCompleted);

        body.GoOn();
        var finished = await running;
        await drained.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(finished.Status, 200, 299);
    }

    private async Task<Answer> GetAsync(string path, bool anonymous = false, params (string Name, string Value)[] headers)
    {
        using var request = Request(HttpMethod.Get, path, anonymous);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Answer.OfAsync(Client, request);
    }

    private async Task<Answer> PostAsync(string body, string mediaType = "application/json")
    {
        using var request = Request(HttpMethod.Post, subject.BodyPath);
        request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        return await Answer.OfAsync(Client, request);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, bool anonymous = false)
    {
        var request = new HttpRequestMessage(method, path);
        if (!anonymous)
        {
            subject.Authorize(request);
        }

        return request;
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }
}
