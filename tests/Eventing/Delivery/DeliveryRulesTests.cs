using Slipway.Eventing.Delivery;
using Slipway.Model.Eventing;

namespace Slipway.Eventing.Tests.Delivery;

public sealed class DeliveryRulesTests
{
    private static readonly DeliveryResult s_busy = new(503, "busy");

    [Fact]
    public void Waits_double_from_the_first_one_on()
    {
        var rules = DeliveryRules.Of(null, null);

        Assert.Equal([0.2, 0.4, 0.8, 1.6], Enumerable.Range(1, 4).Select(attempts => rules.Wait(attempts, s_busy)!.Value.TotalSeconds));
        Assert.NotNull(rules.Wait(10, s_busy));
        Assert.Null(rules.Wait(11, s_busy));
    }

    [Fact]
    public void Linear_waits_begin_at_nothing()
    {
        var rules = DeliveryRules.Of(new DeliverySpec { BackoffPolicy = "linear", BackoffDelay = "PT2S", Retry = 3 }, null);

        Assert.Equal([0, 2, 4], Enumerable.Range(1, 3).Select(attempts => rules.Wait(attempts, s_busy)!.Value.TotalSeconds));
        Assert.Null(rules.Wait(4, s_busy));
    }

    [Theory]
    [InlineData(404, true)]
    [InlineData(408, true)]
    [InlineData(409, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(null, true)]
    [InlineData(301, false)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(422, false)]
    public void Only_answers_that_may_change_are_tried_again(int? code, bool again) =>
        Assert.Equal(again, new DeliveryRules().Wait(1, new DeliveryResult(code, "no")) is not null);

    [Fact]
    public void Retry_After_wins_when_it_is_longer_and_allowed()
    {
        var asked = new DeliveryResult(429, "slower", TimeSpan.FromSeconds(30));

        Assert.Equal(0.2, new DeliveryRules().Wait(1, asked)!.Value.TotalSeconds);
        Assert.Equal(30, new DeliveryRules { RetryAfterMax = TimeSpan.FromMinutes(1) }.Wait(1, asked)!.Value.TotalSeconds);
        Assert.Equal(10, new DeliveryRules { RetryAfterMax = TimeSpan.FromSeconds(10) }.Wait(1, asked)!.Value.TotalSeconds);
        Assert.Equal(0.2, new DeliveryRules { RetryAfterMax = TimeSpan.FromMinutes(1) }.Wait(1, asked with { Code = 500 })!.Value.TotalSeconds);
    }

    [Fact]
    public void A_Triggers_word_wins_member_by_member()
    {
        var rules = DeliveryRules.Of(new DeliverySpec { Retry = 7, Timeout = "PT5S" }, new DeliverySpec { Retry = 1 });

        Assert.Equal((1, 5), (rules.Retries, rules.Timeout.TotalSeconds));
    }
}
