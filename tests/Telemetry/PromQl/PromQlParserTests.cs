using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.Tests.PromQl;

public sealed class PromQlParserTests
{
    [Theory]
    [InlineData("sum(", "1:5: ")]
    [InlineData("sum by (job) (\n  rate(up[5m])\n  + foo bar)", "3:9: ")]
    [InlineData("up{job=\"a\" zone=\"b\"}", "1:12: ")]
    [InlineData("up +\n  $", "2:3: ")]
    [InlineData("rate(up)", "1:6: ")]
    [InlineData("up[5x]", "1:4: ")]
    [InlineData("\n\n\"open", "3:1: ")]
    [InlineData("", "1:1: ")]
    [InlineData("up offset 1h30", "1:11: ")]
    [InlineData("up @ 1e300", "1:6: ")]
    [InlineData("1 == 1", "1:3: ")]
    public void What_is_wrong_is_named_with_line_and_column(string expression, string place)
    {
        var failure = PromQlParser.Parse(expression).Failure;
        Assert.Equal(PromQlParser.BadExpression, failure?.Code);
        Assert.StartsWith(place + "parse error: ", failure!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sum   by(job,zone)(rate(up{job=~'a|b',zone!=`c\\d`}[1h30m]   offset   5m)) # remark", "sum by (job, zone) (rate(up{job=~\"a|b\",zone!=\"c\\\\d\"}[1h30m] offset 5m))")]
    [InlineData("-a^2*b", "-a ^ 2 * b")]
    [InlineData("a AND ON(x) b", "a and on (x) b")]
    [InlineData("a * on(x) group_left(y) b", "a * on (x) group_left (y) b")]
    [InlineData("max_over_time(up[1d:90s] @ end() offset -1w)", "max_over_time(up[1d:1m30s] @ end() offset -1w)")]
    [InlineData("topk by (a) (3, up)", "topk by (a) (3, up)")]
    [InlineData("count_values without () (\"v\", up)", "count_values without () (\"v\", up)")]
    [InlineData("0x1f + .5 - Inf", "31 + 0.5 - Inf")]
    [InlineData("sum(up) by (job)", "sum by (job) (up)")]
    [InlineData("up @ 1.5", "up @ 1.500")]
    [InlineData("\"\\x41\\u00e9\\101\\U0001F600\"", "\"AéA😀\"")]
    [InlineData("a > bool 1 or ignoring(x) b", "a > bool 1 or ignoring (x) b")]
    public void It_is_written_in_one_way(string expression, string written) => Assert.Equal(written, PromQlParser.Parse(expression).Value.ToString());

    [Theory]
    [InlineData("a + b * c ^ d ^ e", "(a + (b * (c ^ (d ^ e))))")]
    [InlineData("a or b and c unless d == e", "(a or ((b and c) unless (d == e)))")]
    [InlineData("-a * b", "((-a) * b)")]
    [InlineData("a - b - c", "((a - b) - c)")]
    [InlineData("a < b + c", "(a < (b + c))")]
    [InlineData("a atan2 b % c", "((a atan2 b) % c)")]
    public void Operators_bind_by_their_rank(string expression, string grouped) => Assert.Equal(grouped, Grouped(PromQlParser.Parse(expression).Value));

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("abs(")]
    [InlineData("sum(")]
    [InlineData("1^")]
    public void Deep_nesting_is_refused_instead_of_filling_the_stack(string opening)
    {
        var expression = string.Concat(Enumerable.Repeat(opening, 20_000)) + "up";
        Assert.Contains("nests deeper", PromQlParser.Parse(expression).Failure?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_is_refused_as_well() =>
        Assert.Contains("nests deeper", PromQlParser.Parse(string.Join(" + ", Enumerable.Repeat("up", 5000))).Failure?.Detail, StringComparison.Ordinal);

    [Fact]
    public void Any_text_is_read_or_refused()
    {
        string[] parts = [.. "sum by ( ) { } [ ] , : = != =~ !~ == > < + - * / % ^ @ offset and or unless on ignoring group_left bool rate up topk quantile 5m 1h30m 1 0x 1e 1e5 Inf NaN \" ' ` \\ # \n start end job \"a\" 'b' $ é 99999999999y".Split(' ')];
        var fromParts = Gen.Elements(parts).ListOf().Select(list => string.Join(' ', list));
        var anything = ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "");
        foreach (var text in fromParts.Sample(1500, 60).Concat(anything.Sample(500, 60)))
        {
            var read = PromQlParser.Parse(text);
            if (read.Failure is { } failure)
            {
                Assert.Equal((FailureKind.Malformed, PromQlParser.BadExpression), (failure.Kind, failure.Code));
            }
            else
            {
                Assert.Equal(Shape(read.Value), Shape(PromQlParser.Parse(read.Value.ToString()).Value));
            }
        }
    }

    [Fact]
    public void What_is_written_reads_back_as_the_same_tree()
    {
        foreach (var expression in PeerExpressions.All.Concat(Vector(4).Sample(800, 20)))
        {
            if (PromQlParser.Parse(expression) is { Succeeded: true, Value: var tree })
            {
                var again = PromQlParser.Parse(tree.ToString());
                Assert.True(again.Succeeded, $"{expression} is written as {tree}: {again.Failure}");
                Assert.Equal(Shape(tree), Shape(again.Value));
                Assert.Equal(tree.ToString(), again.Value.ToString());
            }
        }
    }

    /// <summary>Not all: what is put together without parentheses may come to mean a number where a vector must stand.</summary>
    [Fact]
    public void Most_of_what_is_made_up_can_be_read() =>
        Assert.InRange(Vector(4).Sample(500, 20).Count(expression => PromQlParser.Parse(expression).Succeeded), 350, 500);

    private static Gen<string> Vector(int depth)
    {
        var selector = from metric in Gen.Elements("up", "a:b", "sum", "by")
                       from matchers in Gen.Elements("", "{}", "{job=\"a\"}", "{job=~'a|b',zone!=\"\\n\\\"\"}")
                       select metric + matchers;
        var placed = from inner in selector
                     from place in Gen.Elements("", "", " offset 5m", " offset -1h", " @ 12.25", " @ start()", " @ end() offset 1s")
                     select inner + place;
        if (depth == 0)
        {
            return placed;
        }

        var deeper = Vector(depth - 1);
        var number = Gen.Elements("1", "-2.5", "0x1f", "NaN", "-Inf", "1e-9", "time()", "scalar(up)");
        var aggregate = from name in Gen.Elements("sum", "avg by (a, b)", "max without ()", "count by ()") from inner in deeper select $"{name}({inner})";
        var best = from name in Gen.Elements("topk", "bottomk by (job)", "quantile") from count in number from inner in deeper select $"{name}({count}, {inner})";
        var call = from name in Gen.Elements("abs", "sort", "absent", "timestamp") from inner in deeper select $"{name}({inner})";
        var range = from name in Gen.Elements("rate", "sum_over_time") from inner in selector from place in Gen.Elements("", " offset 5m", " @ 5") select $"{name}({inner}[1h30m]{place})";
        var subquery = from inner in deeper from step in Gen.Elements("", "1m", "7s500ms") from place in Gen.Elements("", " offset 5m", " @ end()") select $"max_over_time(({inner})[1d:{step}]{place})";
        var signs = from sign in Gen.Elements("-", "+", "- -") from inner in deeper select sign + inner;
        var binary = from left in deeper
                     from operation in Gen.Elements("+", "-", "*", "/ on(a)", "% ignoring(a, b)", "^", "atan2", "==", "> bool", "<= ignoring(a) group_left(b)", "and", "or on()", "unless ignoring(x)", "* on(a) group_right()")
                     from right in deeper
                     select $"{left} {operation} {right}";
        var withNumber = from left in number from operation in Gen.Elements("+", "*", "^", ">", "!= bool") from right in deeper select $"{left} {operation} {right}";
        var parenthesis = deeper.Select(inner => $"({inner})");
        return Gen.OneOf(placed, aggregate, best, call, range, subquery, signs, binary, withNumber, parenthesis);
    }

    private static string Grouped(PromQlNode node) => node switch
    {
        BinaryNode binary => $"({Grouped(binary.Left)} {binary.Operation.Text()} {Grouped(binary.Right)})",
        SignNode sign => $"(-{Grouped(sign.Inner)})",
        _ => node.ToString(),
    };

    /// <summary>All that a tree consists of.</summary>
    private static string Shape(PromQlNode node) => node switch
    {
        NumberNode number => "number " + number.Value.ToString("R", CultureInfo.InvariantCulture),
        TextNode text => "text " + text.Value,
        ParenthesisNode parenthesis => $"({Shape(parenthesis.Inner)})",
        SignNode sign => $"sign {sign.Negative} {Shape(sign.Inner)}",
        SelectorNode selector => $"select {selector.Metric} {string.Join('|', selector.Matchers.Select(matcher => $"{matcher.Name} {matcher.Kind} {matcher.Value}"))} {selector.Placement}",
        RangeNode range => $"range {range.Range} {Shape(range.Selector)}",
        SubqueryNode subquery => $"subquery {subquery.Range} {subquery.Step} {subquery.Placement} {Shape(subquery.Inner)}",
        CallNode call => $"call {call.Function.Name} {string.Join(", ", call.Arguments.Select(Shape))}",
        AggregateNode aggregate => $"{aggregate.Operation} {aggregate.Without} {string.Join('|', aggregate.Labels)} {(aggregate.Parameter is null ? "" : Shape(aggregate.Parameter))} {Shape(aggregate.Inner)}",
        BinaryNode binary => $"[{Shape(binary.Left)} {binary.Operation} {binary.ReturnsBool} {binary.Matching?.Grouping} {binary.Matching?.On} {string.Join('|', binary.Matching?.Labels ?? [])} {string.Join('|', binary.Matching?.Include ?? [])} {Shape(binary.Right)}]",
        _ => throw new InvalidOperationException(),
    } + (node.Pinned ? " pinned" : "");
}
