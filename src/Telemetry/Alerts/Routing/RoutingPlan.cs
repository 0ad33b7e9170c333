using Slipway.Model;
using Slipway.Model.Monitoring;
using Slipway.Model.Resources;
using Slipway.Model.Values;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Alerts.Routing;

/// <summary>One way to tell a receiver.</summary>
/// <param name="Id">Such as <c>webhook/0</c>: its place in the receiver.</param>
/// <param name="Namespace">Where its Secrets are.</param>
internal sealed record Way(string Receiver, string Id, string Namespace, bool SendResolved, object Spec);

/// <summary>All AlertmanagerConfigs together: whose routes take which alerts, and how receivers are told.</summary>
internal sealed class RoutingPlan
{
    public static RoutingPlan Empty { get; } = new([], new Dictionary<string, IReadOnlyList<Way>>(), []);

    private readonly Dictionary<string, Route> _byId = [];

    private RoutingPlan(IReadOnlyList<Route> roots, IReadOnlyDictionary<string, IReadOnlyList<Way>> receivers, IReadOnlyList<Inhibition> inhibitions)
    {
        (Roots, Receivers, Inhibitions) = (roots, receivers, inhibitions);
        foreach (var root in roots)
        {
            Index(root);
        }
    }

    public IReadOnlyList<Route> Roots { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<Way>> Receivers { get; }

    public IReadOnlyList<Inhibition> Inhibitions { get; }

    public Route? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Every configuration has its own say: an alert may be told by several.</summary>
    public IEnumerable<Route> Taking(LabelSet labels) => Roots.SelectMany(root => root.Taking(labels));

    public static RoutingPlan Of(IEnumerable<Resource> configurations)
    {
        var roots = new List<Route>();
        var receivers = new Dictionary<string, IReadOnlyList<Way>>(StringComparer.Ordinal);
        var inhibitions = new List<Inhibition>();
        foreach (var configuration in configurations)
        {
            var spec = configuration.Read("spec", KindsJson.Default.AlertmanagerConfigSpec) ?? new AlertmanagerConfigSpec();
            var prefix = $"{configuration.Namespace}/{configuration.Name}";
            IReadOnlyList<LabelMatcher> own = configuration.Metadata.Annotation(MonitoringNames.Alerts) == MonitoringNames.All
                ? []
                : [new LabelMatcher("namespace", MatchKind.Equal, configuration.Namespace)];
            foreach (var receiver in spec.Receivers ?? [])
            {
                receivers[$"{prefix}/{receiver.Name}"] = Ways(receiver, $"{prefix}/{receiver.Name}", configuration.Namespace);
            }

            if (spec.Route is { } route)
            {
                roots.Add(RouteOf(route, prefix, prefix, own, null));
            }

            foreach (var rule in spec.InhibitRules ?? [])
            {
                inhibitions.Add(new Inhibition([.. own, .. Matchers(rule.SourceMatch)], [.. own, .. Matchers(rule.TargetMatch)], rule.Equal ?? []));
            }
        }

        return new RoutingPlan(roots, receivers, inhibitions);
    }

    private static Route RouteOf(AlertRouteSpec spec, string prefix, string id, IReadOnlyList<LabelMatcher> own, Route? parent)
    {
        var each = spec.GroupBy?.Contains(MonitoringNames.EachAlert) == true;
        var route = new Route(
            id,
            string.IsNullOrEmpty(spec.Receiver) ? parent?.Receiver ?? "" : $"{prefix}/{spec.Receiver}",
            [.. own, .. Matchers(spec.Matchers)],
            spec.Continue == true,
            each ? null : spec.GroupBy ?? (parent is null ? [] : parent.GroupBy),
            Time(spec.GroupWait, parent?.GroupWait, MonitoringNames.GroupWaitStandard),
            Time(spec.GroupInterval, parent?.GroupInterval, MonitoringNames.GroupIntervalStandard),
            Time(spec.RepeatInterval, parent?.RepeatInterval, MonitoringNames.RepeatIntervalStandard),
            []);
        return route with { Routes = [.. (spec.Routes ?? []).Select((below, index) => RouteOf(below, prefix, $"{id}/{index}", [], route))] };
    }

    private static TimeSpan Time(string? text, TimeSpan? inherited, string standard) =>
        string.IsNullOrEmpty(text) && inherited is { } time ? time : PrometheusDuration.Parse(text, standard);

    private static IEnumerable<LabelMatcher> Matchers(List<MatcherSpec>? specs) => (specs ?? []).Select(spec => new LabelMatcher(
        spec.Name,
        spec.MatchType switch
        {
            "!=" => MatchKind.NotEqual,
            "=~" => MatchKind.Matches,
            "!~" => MatchKind.NotMatches,
            _ => spec.Regex == true ? MatchKind.Matches : MatchKind.Equal,
        },
        spec.Value ?? ""));

    private static List<Way> Ways(ReceiverSpec receiver, string name, string @namespace)
    {
        var ways = new List<Way>();
        ways.AddRange((receiver.WebhookConfigs ?? []).Select((spec, index) => new Way(name, $"webhook/{index}", @namespace, spec.SendResolved != false, spec)));
        ways.AddRange((receiver.SlackConfigs ?? []).Select((spec, index) => new Way(name, $"slack/{index}", @namespace, spec.SendResolved == true, spec)));
        ways.AddRange((receiver.PagerdutyConfigs ?? []).Select((spec, index) => new Way(name, $"pagerduty/{index}", @namespace, spec.SendResolved != false, spec)));
        ways.AddRange((receiver.EmailConfigs ?? []).Select((spec, index) => new Way(name, $"email/{index}", @namespace, spec.SendResolved == true, spec)));
        return ways;
    }

    private void Index(Route route)
    {
        _byId[route.Id] = route;
        foreach (var below in route.Routes)
        {
            Index(below);
        }
    }
}
