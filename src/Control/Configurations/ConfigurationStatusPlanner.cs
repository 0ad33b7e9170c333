using Slipway.Control.Conditions;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Configurations;

/// <summary>Which Revision is the newest, which is the newest ready one, and whether the newest works.</summary>
internal static class ConfigurationStatusPlanner
{
    /// <param name="latest">The Revision of the present generation; null while it could not be made.</param>
    /// <param name="revisions">All Revisions of the Configuration, newest generation first.</param>
    /// <param name="obstacle">Why there is no Revision of the present generation.</param>
    public static ConfigurationStatus Plan(
        Resource configuration, Resource? latest, IReadOnlyList<Resource> revisions, string? obstacle, DateTimeOffset now)
    {
        var former = configuration.Read("status", KindsJson.Default.ConfigurationStatus) ?? new ConfigurationStatus();
        var conditions = new ConditionSet(former.Conditions, [], now);
        var status = new ConfigurationStatus
        {
            ObservedGeneration = configuration.Metadata.Generation,
            LatestCreatedRevisionName = latest?.Name ?? former.LatestCreatedRevisionName,
            LatestReadyRevisionName = LatestReady(former.LatestReadyRevisionName, latest, revisions),
        };

        Judge(latest, obstacle, conditions);
        status.Conditions = conditions.Build();
        return status;
    }

    private static void Judge(Resource? latest, string? obstacle, ConditionSet conditions)
    {
        if (latest is null)
        {
            conditions.False(ConditionSet.Ready, "RevisionFailed", obstacle ?? "The Revision could not be created.");
            return;
        }

        if (latest.IsDeleting)
        {
            conditions.False(ConditionSet.Ready, "RevisionDeleted", $"Revision \"{latest.Name}\" is being deleted.");
            return;
        }

        var ready = latest.Condition(ConditionSet.Ready);
        switch (ready?.Status)
        {
            case ConditionStatus.True:
                conditions.True(ConditionSet.Ready);
                break;
            case ConditionStatus.False:
                conditions.False(ConditionSet.Ready, "RevisionFailed", $"Revision \"{latest.Name}\" failed: {ready.Message}");
                break;
            default:
                conditions.Unknown(ConditionSet.Ready, ready?.Reason, ready?.Message);
                break;
        }
    }

    /// <summary>
    /// The newest ready Revision, but never one older than what was named before: traffic does not go back by itself
    /// because a newer Revision has trouble for a moment.
    /// </summary>
    private static string? LatestReady(string? former, Resource? latest, IReadOnlyList<Resource> revisions)
    {
        // The Revision of the present generation counts as the newest, also when its chosen name made it in an earlier one.
        var ordered = latest is null ? revisions : [latest, .. revisions.Where(revision => revision.Uid != latest.Uid)];
        foreach (var revision in ordered)
        {
            if (revision.Name == former && !revision.IsDeleting)
            {
                return former;
            }

            if (!revision.IsDeleting && revision.ReadyStatus() == ConditionStatus.True)
            {
                return revision.Name;
            }
        }

        return null;
    }
}
