using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Sample;

namespace Slipway.Sdk.Tests.Limits;

public sealed class LimitsTests
{
    private static readonly Limit s_five = new("five", 5, TimeSpan.FromSeconds(60), LimitBy.Everybody);

    private readonly StandingTime _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    [Fact]
    public void A_full_bucket_allows_a_burst_and_refills_evenly()
    {
        var book = new LimitBook(_time);
        Assert.Equal([4, 3, 2, 1, 0], Enumerable.Range(0, 5).Select(_ => book.Take(s_five, "a").Remaining));

        var refused = book.Take(s_five, "a");

        Assert.False(refused.Granted);
        Assert.Equal(12, refused.UntilNext.TotalSeconds, 3);
        _time.Now += TimeSpan.FromSeconds(12);
        Assert.True(book.Take(s_five, "a").Granted);
        Assert.False(book.Take(s_five, "a").Granted);
        Assert.True(book.Take(s_five, "b").Granted);
    }

    [Fact]
    public void No_window_ever_lets_through_more_than_a_burst_and_what_refilled() => Prop.ForAll<byte[]>(pauses =>
    {
        var bucket = Bucket.Full(s_five, TimeSpan.Zero);
        var now = TimeSpan.Zero;
        var granted = 0;
        foreach (var pause in pauses ?? [])
        {
            now += TimeSpan.FromMilliseconds(pause * 10);
            (bucket, var taken) = bucket.Take(s_five, now);
            granted += taken ? 1 : 0;
        }

        return granted <= s_five.Permits + (now / s_five.Window * s_five.Permits) + 0.001 && bucket.Tokens is >= 0 and <= 5;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void There_are_never_more_buckets_than_allowed_and_nobody_is_refused_for_it()
    {
        var book = new LimitBook(_time, bucketsMax: 10);

        for (var caller = 0; caller < 1_000; caller++)
        {
            Assert.True(book.Take(s_five, $"caller {caller}").Granted);
        }
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void A_network_is_an_address_or_the_half_of_a_long_one(string address, string network) =>
        Assert.Equal(network, LimitGate.NetworkOf(IPAddress.Parse(address)));

    [Fact]
    public async Task Answers_say_what_is_left_and_the_one_too_many_is_a_problem()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map, time: _time);
        var first = await GetAsync(service, "203.0.113.9");
        await GetAsync(service, "203.0.113.9");
        var third = await GetAsync(service, "203.0.113.9");
        var neighbour = await GetAsync(service, "203.0.113.10");

        Assert.Equal("\"few\";q=2;w=900", first.Header("RateLimit-Policy"));
        Assert.Equal("\"few\";r=1;t=450", first.Header("RateLimit"));
        Assert.Equal(429, third.Status);
        Assert.Equal("450", third.Header("Retry-After"));
        Assert.Equal("\"few\";r=0;t=450", third.Header("RateLimit"));
        var problem = third.Json();
        Assert.Equal("https://iana.org/assignments/http-problem-types#quota-exceeded", problem.GetProperty("type").GetString());
        Assert.Equal("few", problem.GetProperty("violated-policies")[0].GetString());
        Assert.True(problem.GetProperty("retryable").GetBoolean());
        Assert.Equal(204, neighbour.Status);
    }

    [Fact]
    public async Task A_setting_overrides_a_limit()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map, new Dictionary<string, string?> { ["LIMIT_FEW"] = "1/60" });

        Assert.Equal(204, (await GetAsync(service, "203.0.113.9")).Status);
        Assert.Equal(429, (await GetAsync(service, "203.0.113.9")).Status);
    }

    [Fact]
    public async Task All_limits_can_be_lifted_for_a_load_test()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map, new Dictionary<string, string?> { ["LIMITS"] = "off" });

        for (var call = 0; call < 5; call++)
        {
            var answer = await GetAsync(service, "203.0.113.9");
            Assert.Equal(204, answer.Status);
            Assert.Null(answer.Header("RateLimit"));
        }
    }

    private static async Task<Answer> GetAsync(RunningService service, string from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/few");
        request.Headers.TryAddWithoutValidation("Forwarded", $"for={from};proto=http");
        return await Answer.OfAsync(service.Client, request);
    }
}
