using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Traces.Sampling;

namespace Slipway.Telemetry.Tests.Traces;

public sealed class TailSamplerTests
{
    private static readonly SamplingRules s_rules = new(0.1, new Dictionary<string, double> { ["orders"] = 1, ["cart"] = 0 }, 1_000_000_000);

    [Fact]
    public void Errors_slow_traces_and_those_asked_for_are_kept_whatever_the_ratio() =>
        ForAll((trace, ratio) => Assert.True(
            !(trace.HasError || trace.Asked || trace.Nanoseconds >= s_rules.SlowNanoseconds)
            || TailSampler.Decide(trace, s_rules with { Ratio = ratio, RatioByService = new Dictionary<string, double>() }, 0) != KeepReason.None));

    [Fact]
    public void What_a_lower_ratio_keeps_a_higher_one_keeps_too() =>
        ForAll((trace, ratio) => Assert.True(
            TailSampler.Decide(trace, s_rules with { Ratio = ratio / 2 }, 1) == KeepReason.None || TailSampler.Decide(trace, s_rules with { Ratio = ratio }, 1) != KeepReason.None));

    [Fact]
    public void The_same_trace_is_always_decided_the_same_way() =>
        ForAll((trace, ratio) => Assert.Equal(
            TailSampler.Decide(trace, s_rules with { Ratio = ratio }, 1), TailSampler.Decide(trace with { Services = [.. trace.Services.Reverse()] }, s_rules with { Ratio = ratio }, 1)));

    [Fact]
    public void A_ratio_keeps_about_that_share_of_ordinary_traces()
    {
        var kept = Enumerable.Range(0, 20_000).Count(number =>
            TailSampler.Decide(new TraceTraits(SpanMaker.TraceId(number), ["web"], false, false, 1), s_rules, 1) == KeepReason.Ratio);
        Assert.InRange(kept, 1_800, 2_200);
    }

    [Theory]
    [InlineData("orders", 1)]
    [InlineData("cart", 0)]
    [InlineData("web", 0.1)]
    public void A_service_may_have_a_ratio_of_its_own(string service, double ratio) =>
        Assert.Equal(ratio, TailSampler.RatioOf(new TraceTraits(SpanMaker.TraceId(1), ["slipway-gateway", service], false, false, 1), s_rules));

    [Fact]
    public void Of_several_services_with_ratios_the_highest_counts() =>
        Assert.Equal(1, TailSampler.RatioOf(new TraceTraits(SpanMaker.TraceId(1), ["cart", "orders"], false, false, 1), s_rules));

    [Theory]
    [InlineData("orders=1,cart=0.5", 2)]
    [InlineData("", 0)]
    public void Ratios_are_read_from_a_setting(string text, int count) => Assert.Equal(count, TailSampler.ParseRatios(text)!.Count);

    [Theory]
    [InlineData("orders")]
    [InlineData("orders=2")]
    [InlineData("=1")]
    [InlineData("orders=much")]
    public void A_setting_that_is_none_is_refused(string text) => Assert.Null(TailSampler.ParseRatios(text));

    [Fact]
    public void The_budget_is_met_at_once_and_left_slowly()
    {
        var budget = new SamplingBudget(100);
        budget.Observe(mandatory: 50, ordinary: 500, seconds: 1);
        Assert.Equal(0.1, budget.Factor, 6);
        budget.Observe(mandatory: 0, ordinary: 10, seconds: 1);
        Assert.Equal(0.11, budget.Factor, 6);
        budget.Observe(mandatory: 1000, ordinary: 10, seconds: 1);
        Assert.InRange(budget.Factor, 0, 0.01);
    }

    private static void ForAll(Action<TraceTraits, double> check)
    {
        var traces =
            from number in Gen.Choose(0, 1_000_000)
            from services in Gen.SubListOf<string>("orders", "cart", "web", "stock")
            from error in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            from asked in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            from milliseconds in Gen.Choose(0, 1200)
            select new TraceTraits(SpanMaker.TraceId(number), [.. services], error, asked, milliseconds * 1_000_000L);
        var pairs = from trace in traces from percent in Gen.Choose(0, 100) select (trace, percent / 100.0);
        Prop.ForAll(Arb.From(pairs), pair => check(pair.trace, pair.Item2)).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }
}
