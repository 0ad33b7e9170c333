using FsCheck;
using FsCheck.Fluent;
using Slipway.Eventing.Delivery;
using Slipway.Eventing.Tests.Hosting;
using Slipway.Model.Eventing;

namespace Slipway.Eventing.Tests.Delivery;

public sealed class EventFilterTests
{
    private static readonly string[] s_names = ["type", "source", "subject", "tenant"];
    private static readonly string[] s_values = ["", "a", "ab", "abc", "b", "c.b"];

    private static readonly Gen<Slipway.Eventing.Events.CloudEvent> s_events =
        from type in Gen.Elements(s_values.Skip(1))
        from subject in Gen.Elements(s_values.Skip(1))
        from tenant in Gen.Elements(s_values)
        select Tell.Event("1", subject, type, more: tenant.Length == 0 ? [] : [("tenant", tenant)]);

    [Fact]
    public void Not_turns_around_All_and_Any_are_and_and_or() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(
            Arb.From(from left in Filters(3) from right in Filters(3) from told in s_events select (left, right, told)),
            given =>
            {
                var (left, right, told) = given;
                var (one, other) = (EventFilter.Matches(left, told), EventFilter.Matches(right, told));
                return EventFilter.Matches(new FilterSpec { Not = left }, told) == !one
                    && EventFilter.Matches(new FilterSpec { All = [left, right] }, told) == (one && other)
                    && EventFilter.Matches(new FilterSpec { Any = [left, right] }, told) == (one || other)
                    && EventFilter.Matches(new TriggerSpec { Filters = [left, right] }, told) == (one && other);
            }));

    [Fact]
    public void Words_are_compared_letter_by_letter_and_a_missing_attribute_never_fits() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(
            Arb.From(from name in Gen.Elements(s_names) from value in Gen.Elements(s_values) from told in s_events select (name, value, told)),
            given =>
            {
                var (name, value, told) = given;
                var has = told.Attribute(name);
                var pair = new Dictionary<string, string> { [name] = value };
                return EventFilter.Matches(new FilterSpec { Exact = pair }, told) == (has == value)
                    && EventFilter.Matches(new FilterSpec { Prefix = pair }, told) == (has is not null && has.StartsWith(value, StringComparison.Ordinal))
                    && EventFilter.Matches(new FilterSpec { Suffix = pair }, told) == (has is not null && has.EndsWith(value, StringComparison.Ordinal));
            }));

    [Fact]
    public void Without_filters_everything_matches_and_the_older_way_asks_for_presence_with_an_empty_value()
    {
        var told = Tell.Event("1", "s");

        Assert.True(EventFilter.Matches(new TriggerSpec(), told));
        Assert.True(EventFilter.Matches(new TriggerSpec { Filter = new AttributeFilter { Attributes = new() { ["subject"] = "" } } }, told));
        Assert.False(EventFilter.Matches(new TriggerSpec { Filter = new AttributeFilter { Attributes = new() { ["tenant"] = "" } } }, told));
        Assert.False(EventFilter.Matches(new TriggerSpec { Filter = new AttributeFilter { Attributes = new() { ["subject"] = "S" } } }, told));
    }

    private static Gen<FilterSpec> Filters(int depth)
    {
        var leaf =
            from name in Gen.Elements(s_names)
            from value in Gen.Elements(s_values)
            from word in Gen.Choose(0, 2)
            let pair = new Dictionary<string, string> { [name] = value }
            select word switch { 0 => new FilterSpec { Exact = pair }, 1 => new FilterSpec { Prefix = pair }, _ => new FilterSpec { Suffix = pair } };
        if (depth == 0)
        {
            return leaf;
        }

        var nested = Filters(depth - 1);
        return Gen.OneOf(
            leaf,
            from inner in nested select new FilterSpec { Not = inner },
            from left in nested from right in nested select new FilterSpec { All = [left, right] },
            from left in nested from right in nested select new FilterSpec { Any = [left, right] });
    }
}
