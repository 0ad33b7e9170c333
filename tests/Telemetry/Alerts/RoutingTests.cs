using FsCheck;
using FsCheck.Fluent;
using Slipway.Telemetry.Alerts.Routing;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Tests.Alerts;

public sealed class RoutingTests
{
    private static readonly DateTimeOffset s_noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("critical", "cart", "pager,chat")]
    [InlineData("warning", "cart", "chat")]
    [InlineData("warning", "titanic", "titanic")]
    [InlineData("info", "shop", "all")]
    public void The_deepest_branches_that_fit_take_an_alert(string severity, string service, string receivers)
    {
        var tree = Route("all", [], false,
            Route("pager", [("severity", "critical")], true),
            Route("titanic", [("service", "titanic")], false),
            Route("chat", [("service", "cart")], false));

        Assert.Equal(receivers, string.Join(',', tree.Taking(LabelSet.Of(("severity", severity), ("service", service))).Select(route => route.Receiver)));
    }

    [Fact]
    public void Every_alert_a_tree_takes_is_taken_by_at_least_one_branch_all_of_whose_matchers_fit() => Prop.ForAll(
        (from tree in Trees(3) from labels in Alerts() select (tree, labels)).ToArbitrary(),
        one =>
        {
            var taking = one.tree.Taking(one.labels).ToList();
            Assert.NotEmpty(taking);
            Assert.All(taking, route => Assert.All(route.Matchers, matcher => Assert.True(matcher.Accepts(one.labels))));
            Assert.Equal(taking.Count, taking.Distinct().Count());

            // No branch below one that takes it would fit as well.
            Assert.All(taking, route => Assert.All(route.Routes, below => Assert.Empty(below.Taking(one.labels))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Alerts_of_one_group_have_the_same_group_labels_and_three_dots_make_a_group_of_each()
    {
        var route = Route("all", [], false) with { GroupBy = ["alertname"] };
        Assert.Equal(LabelSet.Of(("alertname", "A")), route.GroupLabels(LabelSet.Of(("alertname", "A"), ("service", "cart"))));
        Assert.Equal(LabelSet.Of(("alertname", "A"), ("service", "cart")), (route with { GroupBy = null }).GroupLabels(LabelSet.Of(("alertname", "A"), ("service", "cart"))));
    }

    [Fact]
    public void A_critical_alert_silences_the_warning_of_its_service_and_nothing_silences_itself()
    {
        var rule = new Inhibition([Is("severity", "critical")], [Is("severity", "warning")], ["service"]);
        var critical = Alert(("alertname", "Down"), ("severity", "critical"), ("service", "cart"));

        Assert.Same(critical, rule.InhibitorOf(LabelSet.Of(("alertname", "Slow"), ("severity", "warning"), ("service", "cart")), [critical]));
        Assert.Null(rule.InhibitorOf(LabelSet.Of(("alertname", "Slow"), ("severity", "warning"), ("service", "shop")), [critical]));
        Assert.Null(rule.InhibitorOf(critical.Labels, [critical]));

        var both = new Inhibition([Is("service", "cart")], [Is("service", "cart")], []);
        Assert.Null(both.InhibitorOf(critical.Labels, [critical, Alert(("alertname", "Other"), ("service", "cart"))]));
    }

    [Fact]
    public void A_group_speaks_when_there_is_news_and_when_it_is_time_to_repeat()
    {
        Assert.False(Must(null, [], ["a"]));
        Assert.True(Must(null, ["a"], []));
        Assert.False(Must(Told(["a"], []), ["a"], []));
        Assert.True(Must(Told(["a"], []), ["a", "b"], []));
        Assert.True(Must(Told(["a", "b"], []), ["a"], ["b"]));
        Assert.False(Must(Told(["a", "b"], []), ["a"], ["b"], sendResolved: false));
        Assert.False(Must(Told(["a"], ["b"]), ["a"], ["b"]));
        Assert.False(Must(Told(["a"], []), ["a"], ["c"]));
        Assert.True(Must(Told(["a"], []), [], ["a"]));
        Assert.False(Must(Told([], ["a"]), [], ["a"]));
        Assert.True(Must(Told(["a"], [], hoursAgo: 4), ["a"], []));
    }

    [Fact]
    public void Whatever_was_told_a_new_firing_alert_is_always_news() => Prop.ForAll(
        (from firing in Names() from toldFiring in Names() from resolved in Names() from send in ArbMap.Default.GeneratorFor<bool>() select (firing, toldFiring, resolved, send)).ToArbitrary(),
        one =>
        {
            var must = GroupDecider.MustTell(new Told(one.toldFiring, one.resolved, s_noon), one.firing, one.resolved, one.send, TimeSpan.FromHours(4), s_noon);
            if (!one.firing.IsSubsetOf(one.toldFiring) || (one.firing.Count == 0 && one.toldFiring.Count > 0))
            {
                Assert.True(must);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_member_that_nobody_knows_any_more_is_over()
    {
        var known = Alert(("alertname", "A"));
        var members = GroupDecider.Members(new Dictionary<string, Alert> { [known.Fingerprint] = known }, [], s_noon);

        Assert.Equal(s_noon, Assert.Single(members).Value.EndsAt);
    }

    [Theory]
    [InlineData("severity=critical", "severity", MatchKind.Equal, "critical")]
    [InlineData("service=~\"cart|orders\"", "service", MatchKind.Matches, "cart|orders")]
    [InlineData(" a != \"b \\\" c\" ", "a", MatchKind.NotEqual, "b \" c")]
    [InlineData("a!~x", "a", MatchKind.NotMatches, "x")]
    public void Matchers_are_read_as_tools_write_them(string text, string name, MatchKind kind, string value)
    {
        var matcher = MatcherText.Parse(text).Value;
        Assert.Equal((name, kind, value), (matcher.Name, matcher.Kind, matcher.Value));
    }

    [Theory]
    [InlineData("severity")]
    [InlineData("=x")]
    [InlineData("1a=x")]
    [InlineData("a=~(")]
    [InlineData("a=\"x")]
    public void What_is_no_matcher_is_refused(string text) => Assert.False(MatcherText.Parse(text).Succeeded);

    private static bool Must(Told? told, string[] firing, string[] resolved, bool sendResolved = true) =>
        GroupDecider.MustTell(told, firing.ToHashSet(), resolved.ToHashSet(), sendResolved, TimeSpan.FromHours(4), s_noon);

    private static Told Told(string[] firing, string[] resolved, int hoursAgo = 0) => new(firing.ToHashSet(), resolved.ToHashSet(), s_noon.AddHours(-hoursAgo));

    private static LabelMatcher Is(string name, string value) => new(name, MatchKind.Equal, value);

    private static Alert Alert(params (string, string)[] labels) => new() { Labels = LabelSet.Of(labels), Annotations = new Dictionary<string, string>(), StartsAt = s_noon, UpdatedAt = s_noon };

    private static Route Route(string receiver, (string Name, string Value)[] matchers, bool goOn, params Route[] below) => new(
        receiver, receiver, [.. matchers.Select(matcher => Is(matcher.Name, matcher.Value))], goOn, [], TimeSpan.Zero, TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), below);

    private static Gen<HashSet<string>> Names() => Gen.Elements("a", "b", "c", "d").ArrayOf().Select(names => names.Take(4).ToHashSet());

    private static Gen<LabelSet> Alerts() =>
        from severity in Gen.Elements("critical", "warning", "")
        from service in Gen.Elements("cart", "shop", "")
        select LabelSet.Of(("severity", severity), ("service", service), ("alertname", "A"));

    private static Gen<Route> Trees(int depth) =>
        from below in depth == 0 ? Gen.Constant(Array.Empty<Route>()) : Branches(depth - 1).ArrayOf().Select(all => all.Take(3).ToArray())
        select Route("top", [], false, below);

    private static Gen<Route> Branches(int depth) =>
        from severity in Gen.Elements("critical", "warning")
        from service in Gen.Elements("cart", "shop")
        from which in Gen.Choose(0, 3)
        from goOn in ArbMap.Default.GeneratorFor<bool>()
        from below in depth == 0 ? Gen.Constant(Array.Empty<Route>()) : Branches(depth - 1).ArrayOf().Select(all => all.Take(2).ToArray())
        select Route(
            $"{severity}-{service}-{which}", which switch { 0 => [("severity", severity)], 1 => [("service", service)], 2 => [("severity", severity), ("service", service)], _ => [] }, goOn, below);
}
