using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Tests.Health;

public sealed class HealthTests
{
    private readonly StandingTime _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task What_is_critical_keeps_a_service_from_being_ready_and_the_rest_only_shows()
    {
        string? database = "no connection";
        await using var service = await StartAsync(made =>
        {
            made.Check("database", critical: true, (_, _) => Task.FromResult<string?>(database));
            made.Check("mail", critical: false, (_, _) => Task.FromResult<string?>("queue is long"));
        });

        var ready = await GetAsync(service, "/ready");
        var health = await GetAsync(service, "/health");
        Assert.Equal(503, ready.Status);
        Assert.Equal("no connection", ready.Json().GetProperty("checks")[0].GetProperty("detail").GetString());
        Assert.Equal(("unhealthy", 503), (health.Json().GetProperty("status").GetString(), health.Status));
        Assert.Equal(200, (await GetAsync(service, "/live")).Status);

        database = null;
        _time.Now += TimeSpan.FromMilliseconds(500);

        Assert.Equal(200, (await GetAsync(service, "/ready")).Status);
        health = await GetAsync(service, "/health");
        Assert.Equal(("degraded", 200), (health.Json().GetProperty("status").GetString(), health.Status));
        Assert.Equal(2, health.Json().GetProperty("checks").GetArrayLength());
    }

    [Fact]
    public async Task A_result_counts_for_five_seconds_however_many_ask()
    {
        var runs = 0;
        await using var service = await StartAsync(made => made.Check("counted", critical: true, (_, _) =>
        {
            Interlocked.Increment(ref runs);
            return Task.FromResult<string?>(null);
        }));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(service, "/ready")));
        Assert.Equal(1, runs);
        _time.Now += TimeSpan.FromSeconds(5);
        await GetAsync(service, "/ready");

        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task A_check_that_breaks_or_hangs_is_a_failed_check()
    {
        await using var service = await StartAsync(made =>
        {
            made.Check("broken", critical: true, (_, _) => throw new InvalidOperationException("Password=hunter2"));
            made.Check("hanging", critical: true, (_, _) => new TaskCompletionSource<string?>().Task);
            made.Check("patient", critical: true, async (_, limit) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return "still waiting for the tide";
            });
        });

        var ready = await GetAsync(service, "/ready");

        Assert.Equal(503, ready.Status);
        Assert.Equal(["InvalidOperationException", "no answer within 1 s", "still waiting for the tide"], ready.Json().GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("detail").GetString()!));
    }

    /// <summary>Its clock tells the time of this test, and its timers fire by the machine's.</summary>
    private Task<RunningService> StartAsync(Action<SlipwayService> declare) => RunningService.StartAsync(
        (args, options) =>
        {
            var service = SlipwayService.Create("checked", args, options);
            declare(service);
            return service;
        },
        _ => { },
        time: _time);

    private static async Task<Answer> GetAsync(RunningService service, string path)
    {
        using var response = await service.Client.GetAsync(path);
        return await Answer.OfAsync(response);
    }
}
