using System.Text.Json.Nodes;
using Slipway.Model.Monitoring;
using Slipway.Model.Trees;

namespace Slipway.Model.Defaulting;

internal static class MonitoringDefaults
{
    private static readonly (string Kind, bool Resolved)[] s_kinds =
        [("webhookConfigs", true), ("slackConfigs", false), ("pagerdutyConfigs", true), ("emailConfigs", false)];

    public static void ApplyToPrometheusRule(JsonObject next)
    {
        if (next.Ensure("metadata")?.Ensure("annotations") is { } annotations)
        {
            Set(annotations, MonitoringNames.Expressions, MonitoringNames.PromQl);
        }

        foreach (var (group, _) in next.Object("spec").Objects("groups"))
        {
            Set(group, "interval", MonitoringNames.IntervalStandard);
        }
    }

    public static void ApplyToAlertmanagerConfig(JsonObject next)
    {
        if (next.Ensure("metadata") is { } metadata && metadata.Ensure("annotations") is { } annotations)
        {
            Set(annotations, MonitoringNames.Alerts, metadata.Text("namespace") == MonitoringNames.PlatformNamespace ? MonitoringNames.All : MonitoringNames.OfNamespace);
        }

        var spec = next.Object("spec");
        if (spec.Object("route") is { } route)
        {
            Set(route, "groupWait", MonitoringNames.GroupWaitStandard);
            Set(route, "groupInterval", MonitoringNames.GroupIntervalStandard);
            Set(route, "repeatInterval", MonitoringNames.RepeatIntervalStandard);
        }

        // Chats and mails tell the end only when asked, as Alertmanager has always done it.
        foreach (var (receiver, _) in spec.Objects("receivers"))
        {
            foreach (var (kind, resolved) in s_kinds)
            {
                foreach (var (way, _) in receiver.Objects(kind))
                {
                    if (!way.Has("sendResolved"))
                    {
                        way["sendResolved"] = resolved;
                    }
                }
            }
        }
    }

    private static void Set(JsonObject parent, string name, string value)
    {
        if (!parent.Has(name))
        {
            parent[name] = value;
        }
    }
}
