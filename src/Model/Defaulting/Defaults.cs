using System.Text.Json.Nodes;
using Slipway.Model.Resources;

namespace Slipway.Model.Defaulting;

/// <summary>
/// Fills in what a manifest leaves open. Changes <c>next</c> in place and is idempotent: applying it to its own result,
/// with that result as <c>current</c> or without, changes nothing. Values of unexpected types are left alone.
/// </summary>
public static class Defaults
{
    public static void Apply(ResourceKind kind, JsonObject next, JsonObject? current, DefaultSettings? settings = null)
    {
        settings ??= DefaultSettings.Standard;
        if (kind == Kinds.Service)
        {
            ServingDefaults.ApplyToService(next, current, settings);
        }
        else if (kind == Kinds.Configuration)
        {
            ServingDefaults.ApplyToConfiguration(next, current, settings);
        }
        else if (kind == Kinds.Revision)
        {
            ServingDefaults.ApplyToRevision(next, current, settings);
        }
        else if (kind == Kinds.Route)
        {
            ServingDefaults.ApplyToRoute(next);
        }
        else if (kind == Kinds.Job)
        {
            BatchDefaults.ApplyToJob(next, current);
        }
        else if (kind == Kinds.CronJob)
        {
            BatchDefaults.ApplyToCronJob(next);
        }
        else if (kind == Kinds.Secret)
        {
            CoreDefaults.ApplyToSecret(next);
        }
        else if (kind == Kinds.Namespace)
        {
            CoreDefaults.ApplyToNamespace(next);
        }
        else if (kind == Kinds.HttpRoute)
        {
            PlatformDefaults.ApplyToHttpRoute(next);
        }
        else if (kind == Kinds.TrafficPolicy)
        {
            PlatformDefaults.ApplyToTrafficPolicy(next);
        }
        else if (kind == Kinds.Database)
        {
            PlatformDefaults.ApplyToDatabase(next, current);
        }
        else if (kind == Kinds.Broker)
        {
            EventingDefaults.ApplyToBroker(next, current);
        }
        else if (kind == Kinds.Trigger)
        {
            EventingDefaults.ApplyToTrigger(next);
        }
        else if (kind == Kinds.PrometheusRule)
        {
            MonitoringDefaults.ApplyToPrometheusRule(next);
        }
        else if (kind == Kinds.AlertmanagerConfig)
        {
            MonitoringDefaults.ApplyToAlertmanagerConfig(next);
        }
    }
}
