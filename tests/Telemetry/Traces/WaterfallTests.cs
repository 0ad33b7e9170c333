using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Traces;
using static Slipway.Telemetry.Tests.Traces.SpanMaker;

namespace Slipway.Telemetry.Tests.Traces;

public sealed class WaterfallTests
{
    private const long Millisecond = 1_000_000;

    [Fact]
    public void Children_follow_their_parent_by_their_start_and_self_time_is_what_they_leave()
    {
        var rows = Waterfall.Of(
        [
            Span(1, 2, 0, start: 50 * Millisecond, milliseconds: 30, name: "second"),
            Span(1, 1, 0, start: 10 * Millisecond, milliseconds: 20, name: "first"),
            Span(1, 3, 1, start: 15 * Millisecond, milliseconds: 5, name: "inner"),
            Span(1, 4, 0, start: 70 * Millisecond, milliseconds: 500, name: "outlives"),
            Span(1, 0, milliseconds: 100, name: "root"),
        ]);
        Assert.Equal([("root", 0), ("first", 1), ("inner", 2), ("second", 1), ("outlives", 1)], rows.Select(row => (row.Span.Name, row.Depth)));
        Assert.Equal(100 - 20 - 50, rows[0].Self / Millisecond);
        Assert.Equal(15, rows[1].Self / Millisecond);
        Assert.Equal(10, rows[1].Offset / Millisecond);
    }

    [Fact]
    public void A_span_whose_parent_has_not_come_is_a_root_that_says_so()
    {
        var row = Assert.Single(Waterfall.Of([Span(1, 1, 99)]));
        Assert.True(row.MissingParent);
        Assert.Equal(0, row.Depth);
    }

    [Fact]
    public void Every_span_is_drawn_once_whatever_they_say_of_each_other()
    {
        var spans = from number in Gen.Choose(0, 9) from parent in Gen.Choose(-1, 12) from start in Gen.Choose(0, 50) from length in Gen.Choose(0, 50)
                    select Span(1, number, parent < 0 ? null : parent, start: start * Millisecond, milliseconds: length);
        Prop.ForAll(Arb.From(Gen.ListOf(spans)), trace =>
        {
            var rows = Waterfall.Of(trace.ToList());
            Assert.Equal(trace.Select(span => span.SpanId).Distinct().Order(), rows.Select(row => row.Span.SpanId).Order());
            Assert.All(rows, row => Assert.InRange(row.Self, 0, row.Span.Nanoseconds));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }
}
