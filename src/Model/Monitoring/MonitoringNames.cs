namespace Slipway.Model.Monitoring;

/// <summary>Annotations of PrometheusRules and AlertmanagerConfigs, the values they may have, and what holds when nothing is said.</summary>
public static class MonitoringNames
{
    /// <summary>On a PrometheusRule: the language its expressions are in.</summary>
    public const string Expressions = "slipway.dev/expressions";

    public const string PromQl = "promql";

    public const string LogQl = "logql";

    /// <summary>On an AlertmanagerConfig: the alerts it speaks of.</summary>
    public const string Alerts = "slipway.dev/alerts";

    /// <summary>Those whose label <c>namespace</c> is the resource's own.</summary>
    public const string OfNamespace = "namespace";

    public const string All = "all";

    /// <summary>Configurations here see the alerts of the whole installation unless they say otherwise.</summary>
    public const string PlatformNamespace = "default";

    public const string IntervalStandard = "30s";

    public const string GroupWaitStandard = "30s";

    public const string GroupIntervalStandard = "5m";

    public const string RepeatIntervalStandard = "4h";

    /// <summary>In <c>groupBy</c>: every alert is a group of its own.</summary>
    public const string EachAlert = "...";
}
