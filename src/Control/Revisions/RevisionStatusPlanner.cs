using Slipway.Control.Conditions;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Revisions;

/// <summary>Why a Revision cannot be handed to the fleet (any more).</summary>
/// <param name="Condition">The condition it shows in.</param>
/// <param name="Final">False: it shows as Unknown, because waiting may be all that is needed.</param>
internal sealed record RevisionProblem(string Condition, bool Final, string Reason, string Message);

/// <summary>What a Revision says about itself: its image, its instances, and whether it can serve.</summary>
internal static class RevisionStatusPlanner
{
    public const string ResourcesAvailable = "ResourcesAvailable";
    public const string ContainerHealthy = "ContainerHealthy";
    public const string Active = "Active";

    private const string ExitCode = "ExitCode";
    private const string Deploying = "Deploying";

    private static readonly string[] s_terminal = [ResourcesAvailable, ContainerHealthy];

    /// <summary>It was ready before, in this life of the control plane or an earlier one.</summary>
    public static bool IsProven(RevisionStatus? status) =>
        status?.Conditions.Exists(condition => condition is { Type: ContainerHealthy, Status: ConditionStatus.True }) == true;

    public static RevisionStatus Plan(
        Resource revision, IReadOnlyList<ContainerDigest>? digests, RevisionProblem? problem, FleetStatus? fleet, DateTimeOffset now)
    {
        var former = revision.Read("status", KindsJson.Default.RevisionStatus);
        var conditions = new ConditionSet(former?.Conditions, s_terminal, now);
        var status = new RevisionStatus
        {
            ObservedGeneration = revision.Metadata.Generation,
            ContainerStatuses = digests is null ? former?.ContainerStatuses : [.. digests],
            LogUrl = former?.LogUrl,
            ActualReplicas = fleet?.Actual ?? former?.ActualReplicas,
            DesiredReplicas = fleet?.Desired ?? former?.DesiredReplicas,
        };
        if (problem is not null)
        {
            Trouble(problem, conditions);
        }
        else
        {
            Fleet(fleet, IsProven(former), conditions);
        }

        status.Conditions = conditions.Build();
        return status;
    }

    private static void Trouble(RevisionProblem problem, ConditionSet conditions)
    {
        foreach (var type in s_terminal)
        {
            if (type != problem.Condition)
            {
                conditions.Unknown(type, problem.Final ? null : problem.Reason, problem.Final ? null : problem.Message);
            }
            else if (problem.Final)
            {
                conditions.False(type, problem.Reason, problem.Message);
            }
            else
            {
                conditions.Unknown(type, problem.Reason, problem.Message);
            }
        }

        conditions.Unknown(Active, problem.Reason, problem.Message, ConditionSet.Info);
    }

    private static void Fleet(FleetStatus? fleet, bool proven, ConditionSet conditions)
    {
        if (fleet is null && proven)
        {
            // The fleet has not looked yet, which is no reason to doubt what was true before.
            conditions.Keep(ResourcesAvailable).Keep(ContainerHealthy).Keep(Active, ConditionSet.Info);
            return;
        }

        switch (fleet)
        {
            case { Phase: FleetPhase.Failed }:
                Failed(fleet, conditions);
                break;
            case { Phase: FleetPhase.Healthy }:
            case not null when proven:
                conditions.True(ResourcesAvailable).True(ContainerHealthy);
                break;
            case { Reason: not null }:
                Failed(fleet, conditions);
                break;
            default:
                conditions.Unknown(ResourcesAvailable, Deploying, "The first instances are being started.");
                conditions.Unknown(ContainerHealthy, Deploying, "The first instances are being started.");
                break;
        }

        Activity(fleet, conditions);
    }

    private static void Failed(FleetStatus fleet, ConditionSet conditions)
    {
        var reason = fleet.Reason ?? "Failed";
        var message = string.IsNullOrEmpty(fleet.Message) ? "The instances could not be started." : fleet.Message;
        if (reason.StartsWith(ExitCode, StringComparison.Ordinal))
        {
            conditions.False(ContainerHealthy, reason, message);
            conditions.Unknown(ResourcesAvailable, Deploying, "Instances end before they are ready.");
            return;
        }

        conditions.False(ResourcesAvailable, reason, message);
        if (conditions.Former(ContainerHealthy) is { Status: ConditionStatus.False })
        {
            // How the last instance ended says more than that the time is over.
            conditions.Keep(ContainerHealthy);
        }
        else
        {
            conditions.Unknown(ContainerHealthy, reason, message);
        }
    }

    private static void Activity(FleetStatus? fleet, ConditionSet conditions)
    {
        switch (fleet)
        {
            case { Activity: FleetActivity.Active }:
                conditions.True(Active, severity: ConditionSet.Info);
                break;
            case { Activity: FleetActivity.NoTraffic }:
                conditions.False(Active, "NoTraffic", "Scaled to zero; the next request starts an instance.", ConditionSet.Info);
                break;
            case null:
                conditions.Unknown(Active, Deploying, "The first instances are being started.", ConditionSet.Info);
                break;
            default:
                conditions.Unknown(Active, "Queued", "Requests wait while an instance gets ready.", ConditionSet.Info);
                break;
        }
    }
}
