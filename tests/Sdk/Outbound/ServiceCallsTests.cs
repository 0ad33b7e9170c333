using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Sdk.Outbound;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Tests.Outbound;

public sealed class ServiceCallsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_reaches_the_gateway_under_the_services_name_with_the_trace()
    {
        var seen = new Dictionary<string, string?>();
        await using var gateway = await Neighbour.StartAsync(http =>
        {
            seen = http.Request.Headers.ToDictionary(header => header.Key, header => (string?)header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            return http.Response.WriteAsync("hello");
        });
        using var calls = Calls(("SLIPWAY_GATEWAY", gateway.Address.ToString()));
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        Assert.Equal("hello", await calls.Client("shop-api").GetStringAsync("/api/v1/todos", Cancellation));

        Assert.Equal("shop-api.localhost:8080", seen["Host"]);
        Assert.Contains(activity.TraceId.ToHexString(), seen["traceparent"]);
        Assert.Equal("5000", seen["X-Request-Timeout-Ms"]);
    }

    [Fact]
    public async Task A_read_is_tried_again_and_a_write_is_not()
    {
        var count = 0;
        await using var gateway = await Neighbour.StartAsync(http =>
        {
            http.Response.StatusCode = Interlocked.Increment(ref count) % 3 == 0 ? 200 : 503;
            return Task.CompletedTask;
        });
        using var calls = Calls(("SHOP_API_URL", gateway.Address.ToString()));
        var client = calls.Client("shop-api", new CallOptions { Timeout = TimeSpan.FromSeconds(30), BreakerCallsMin = 100 });

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/", Cancellation)).StatusCode);
        Assert.Equal(3, count);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.PostAsync("/", new StringContent("x"), Cancellation)).StatusCode);
        Assert.Equal(4, count);
    }

    [Fact]
    public async Task A_write_with_an_idempotency_key_is_tried_again_with_its_body()
    {
        var bodies = new List<string>();
        await using var gateway = await Neighbour.StartAsync(async http =>
        {
            bodies.Add(await new StreamReader(http.Request.Body).ReadToEndAsync());
            http.Response.StatusCode = bodies.Count == 1 ? 502 : 201;
        });
        using var calls = Calls(("SHOP_API_URL", gateway.Address.ToString()));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("""{"a":1}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());

        var answer = await calls.Client("shop-api", new CallOptions { Timeout = TimeSpan.FromSeconds(30) }).SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(["""{"a":1}""", """{"a":1}"""], bodies);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_a_504_after_the_limit()
    {
        await using var gateway = await Neighbour.StartAsync(http => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted));
        using var calls = Calls(("SHOP_API_URL", gateway.Address.ToString()));

        var failed = await Assert.ThrowsAsync<ProblemException>(() => calls.Client("shop-api", new CallOptions { Timeout = TimeSpan.FromMilliseconds(200) }).GetAsync("/", Cancellation));

        Assert.Equal((504, "dependencyTimeout"), (failed.Problem.Status, failed.Problem.Code));
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_cut_off_too()
    {
        await using var gateway = await Neighbour.StartAsync(async http =>
        {
            await http.Response.WriteAsync("begin");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        });
        using var calls = Calls(("SHOP_API_URL", gateway.Address.ToString()));

        var failed = await Assert.ThrowsAsync<ProblemException>(() => calls.Client("shop-api", new CallOptions { Timeout = TimeSpan.FromMilliseconds(300) }).GetAsync("/", Cancellation));

        Assert.Equal(504, failed.Problem.Status);
    }

    [Fact]
    public async Task After_many_failures_calls_fail_at_once_without_touching_the_service()
    {
        var count = 0;
        await using var gateway = await Neighbour.StartAsync(http =>
        {
            Interlocked.Increment(ref count);
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        using var calls = Calls(("SHOP_API_URL", gateway.Address.ToString()));
        var client = calls.Client("shop-api", new CallOptions { Timeout = TimeSpan.FromSeconds(30), Retries = 0, BreakerCallsMin = 4, BreakerReset = TimeSpan.FromHours(1) });
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/", Cancellation)).StatusCode);
        }

        var refused = await Assert.ThrowsAsync<ProblemException>(() => client.GetAsync("/", Cancellation));

        Assert.Equal((503, "dependencyUnavailable"), (refused.Problem.Status, refused.Problem.Code));
        Assert.True(refused.Problem.RetryAfter > TimeSpan.FromMinutes(1));
        Assert.Equal(4, count);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_a_503_naming_it()
    {
        using var calls = Calls(("SHOP_API_URL", "http://127.0.0.1:1"));

        var failed = await Assert.ThrowsAsync<ProblemException>(() => calls.Client("shop-api", new CallOptions { Timeout = TimeSpan.FromSeconds(30) }).GetAsync("/", Cancellation));

        Assert.Equal((503, "dependencyUnavailable", "shop-api"), (failed.Problem.Status, failed.Problem.Code, (string?)failed.Problem.Args!["service"]));
    }

    [Fact]
    public void Limits_are_settings_with_the_documented_defaults()
    {
        using var usual = Calls();
        using var chosen = Calls(("CALL_TIMEOUT_MS", "3000"), ("CALL_BREAKER_ERROR_PERCENT", "30"), ("CALL_BREAKER_RESET_MS", "60000"), ("CALL_RETRIES", "3"), ("CALL_RETRY_BASE_MS", "1000"));

        Assert.Equal((5.0, 50, 10.0, 30.0, 2), (usual.Usual.Timeout.TotalSeconds, usual.Usual.BreakerErrorPercent, usual.Usual.BreakerWindow.TotalSeconds, usual.Usual.BreakerReset.TotalSeconds, usual.Usual.Retries));
        Assert.Equal((3.0, 30, 60.0, 3, 1.0), (chosen.Usual.Timeout.TotalSeconds, chosen.Usual.BreakerErrorPercent, chosen.Usual.BreakerReset.TotalSeconds, chosen.Usual.Retries, chosen.Usual.RetryBase.TotalSeconds));
    }

    [Fact]
    public async Task The_state_of_every_breaker_can_be_read()
    {
        using var calls = Calls(("SHOP_API_URL", "http://127.0.0.1:1"));
        var heard = new ConcurrentDictionary<string, int>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, on) =>
        {
            if (instrument.Meter.Name == CallMetrics.MeterName)
            {
                on.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            if ((string?)tags[0].Value == "shop-api" && value > 0)
            {
                heard[(string)tags[1].Value!] = value;
            }
        });
        listener.Start();
        var client = calls.Client("shop-api", new CallOptions { Retries = 0, BreakerCallsMin = 2, Timeout = TimeSpan.FromSeconds(30) });

        for (var call = 0; call < 3; call++)
        {
            await Assert.ThrowsAsync<ProblemException>(() => client.GetAsync("/", Cancellation));
        }

        listener.RecordObservableInstruments();
        Assert.True(heard.ContainsKey("open"), string.Join(' ', heard.Keys));
    }

    [Fact]
    public async Task More_calls_at_once_than_allowed_are_refused()
    {
        using var release = new SemaphoreSlim(0);
        using var arrived = new SemaphoreSlim(0);
        await using var gateway = await Neighbour.StartAsync(async http =>
        {
            arrived.Release();
            await release.WaitAsync(http.RequestAborted);
        });
        using var calls = Calls(("SHOP_API_URL", gateway.Address.ToString()));
        var client = calls.Client("shop-api", new CallOptions { Timeout = TimeSpan.FromSeconds(60), ConcurrencyMax = 1 });
        var first = client.GetAsync("/", Cancellation);
        await arrived.WaitAsync(Cancellation);

        var refused = await Assert.ThrowsAsync<ProblemException>(() => client.GetAsync("/", Cancellation));
        release.Release();

        Assert.Equal("dependencyBusy", refused.Problem.Code);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    private static ServiceCalls Calls(params (string Name, string Value)[] environment)
    {
        var values = environment.ToDictionary(pair => pair.Name, pair => pair.Value);
        var settings = new ServiceSettings(name => values.GetValueOrDefault(name));
        return new ServiceCalls(new ServiceAddresses(settings), CallOptions.Read(settings), TimeProvider.System, NullLogger<ServiceCalls>.Instance);
    }
}
