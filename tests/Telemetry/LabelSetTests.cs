using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Tests;

public sealed class LabelSetTests
{
    [Fact]
    public void Two_sets_of_the_same_labels_are_equal_whatever_the_order_they_were_told_in()
    {
        var one = LabelSet.Of(("b", "2"), ("a", "1"));
        var other = LabelSet.Of(("a", "1"), ("b", "2"));
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void A_label_without_a_value_is_no_label() =>
        Assert.Equal(LabelSet.Of(("a", "1")), LabelSet.Of(("a", "1"), ("b", "")));

    [Fact]
    public void It_is_written_as_in_a_query_with_its_metric_first() =>
        Assert.Equal("""up{job="a\"b",zone="c\\d"}""", LabelSet.Of(("zone", "c\\d"), (LabelSet.MetricName, "up"), ("job", "a\"b")).ToString());

    [Theory]
    [InlineData(MatchKind.Equal, "a", "a", true)]
    [InlineData(MatchKind.NotEqual, "a", "", true)]
    [InlineData(MatchKind.Matches, "a|b", "ab", false)]
    [InlineData(MatchKind.Matches, ".*", "", true)]
    [InlineData(MatchKind.NotMatches, "a.+", "ab", false)]
    public void A_matcher_looks_at_the_whole_value(MatchKind kind, string wanted, string value, bool accepted) =>
        Assert.Equal(accepted, new LabelMatcher("label", kind, wanted).Accepts(value));
}
