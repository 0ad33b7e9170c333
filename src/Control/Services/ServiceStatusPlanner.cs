using Slipway.Control.Conditions;
using Slipway.Control.Reconciling;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Services;

/// <summary>What a Service says about itself: the news of its Configuration and its Route, once they speak of the present.</summary>
internal static class ServiceStatusPlanner
{
    public const string ConfigurationsReady = "ConfigurationsReady";
    public const string RoutesReady = "RoutesReady";

    private static readonly string[] s_terminal = [ConfigurationsReady, RoutesReady];

    /// <param name="takenRevisionName">The template's own name when a foreign or different revision has it already.</param>
    public static ServiceStatus Plan(Resource service, Resource? configuration, Resource? route, string? takenRevisionName, DateTimeOffset now)
    {
        var former = service.Read("status", KindsJson.Default.ServiceStatus) ?? new ServiceStatus();
        var conditions = new ConditionSet(former.Conditions, s_terminal, now);
        var status = new ServiceStatus
        {
            ObservedGeneration = service.Metadata.Generation,
            LatestCreatedRevisionName = former.LatestCreatedRevisionName,
            LatestReadyRevisionName = former.LatestReadyRevisionName,
            Url = former.Url,
            Address = former.Address,
            Traffic = former.Traffic,
        };

        Configurations(service, configuration, conditions, status);
        Routes(service, route, takenRevisionName, conditions, status);
        status.Conditions = conditions.Build();
        return status;
    }

    private static void Configurations(Resource service, Resource? configuration, ConditionSet conditions, ServiceStatus status)
    {
        if (configuration is null)
        {
            conditions.Unknown(ConfigurationsReady, "OutOfDate", "The Configuration is not created yet.");
            return;
        }

        if (!configuration.IsControlledBy(service))
        {
            conditions.False(ConfigurationsReady, "NotOwned", NotOwned("Configuration", service));
            return;
        }

        var child = configuration.Read("status", KindsJson.Default.ConfigurationStatus);
        if (child is null || child.ObservedGeneration != configuration.Metadata.Generation)
        {
            conditions.Unknown(ConfigurationsReady, "OutOfDate", "The Configuration has not taken up its newest generation yet.");
            return;
        }

        status.LatestCreatedRevisionName = child.LatestCreatedRevisionName;
        status.LatestReadyRevisionName = child.LatestReadyRevisionName;
        conditions.Copy(ConfigurationsReady, child.Conditions.Find(condition => condition.Type == ConditionSet.Ready));
    }

    private static void Routes(Resource service, Resource? route, string? takenRevisionName, ConditionSet conditions, ServiceStatus status)
    {
        if (route is null)
        {
            conditions.Unknown(RoutesReady, "OutOfDate", "The Route is not created yet.");
            return;
        }

        if (!route.IsControlledBy(service))
        {
            conditions.False(RoutesReady, "NotOwned", NotOwned("Route", service));
            return;
        }

        var child = route.Read("status", KindsJson.Default.RouteStatus);
        if (child is not null)
        {
            status.Url = child.Url;
            status.Address = child.Address;
            status.Traffic = child.Traffic;
        }

        if (takenRevisionName is not null)
        {
            conditions.False(
                RoutesReady,
                "RevisionNameTaken",
                $"Another Revision already has the name \"{takenRevisionName}\", so no traffic moves. Choose another name in spec.template.metadata.name.");
        }
        else if (child is null || child.ObservedGeneration != route.Metadata.Generation)
        {
            conditions.Unknown(RoutesReady, "OutOfDate", "The Route has not taken up its newest generation yet.");
        }
        else if (child.Conditions.Find(condition => condition.Type == ConditionSet.Ready) is { Status: ConditionStatus.True } && !Migrated(status))
        {
            conditions.Unknown(RoutesReady, "TrafficNotMigrated", "Traffic has not moved to the latest ready Revision yet.");
        }
        else
        {
            conditions.Copy(RoutesReady, child.Conditions.Find(condition => condition.Type == ConditionSet.Ready));
        }
    }

    /// <summary>Every entry that follows the latest revision has arrived at the one that is ready now.</summary>
    private static bool Migrated(ServiceStatus status) =>
        (status.Traffic ?? []).TrueForAll(entry => entry.LatestRevision != true || entry.RevisionName == status.LatestReadyRevisionName);

    private static string NotOwned(string kind, Resource service) =>
        $"A {kind} named \"{service.Name}\" exists that this Service does not own. Delete or rename it, and the Service makes its own.";
}
