using System.Text.Json.Nodes;
using Slipway.Sdk.Messaging;

namespace Slipway.Identity.Administration;

/// <summary>
/// What other services are told about accounts: that one was made, changed or erased. The events name the account and what kind of
/// change it was; whoever needs more asks, so that no copy of personal data waits on a bus when it is erased here.
/// </summary>
internal static class UserEvents
{
    public const string Created = "slipway.identity.user.created.v1";
    public const string Updated = "slipway.identity.user.updated.v1";
    public const string Deleted = "slipway.identity.user.deleted.v1";

    /// <summary>Null when an activity is nobody's business but the trail's.</summary>
    public static OutgoingEvent? Of(Activity activity)
    {
        if (activity.TargetType != "account" || TypeOf(activity.Action) is not { } type)
        {
            return null;
        }

        var changes = new JsonObject();
        foreach (var change in activity.Changes)
        {
            changes[change.Pointer.TrimStart('/')] = change.After;
        }

        return new OutgoingEvent
        {
            Type = type,
            Subject = activity.TargetId,
            DataClassification = "internal",
            Data = new JsonObject { ["userId"] = activity.TargetId, ["change"] = activity.Action, ["changes"] = changes },
        };
    }

    private static string? TypeOf(string action) => action switch
    {
        "account.registered" => Created,
        "account.anonymised" => Deleted,
        "account.changed" or "account.profileChanged" or "account.addressConfirmed" or "account.emailChanged" or "account.consentDecided"
            or "account.erasureRequested" or "account.erasureWithdrawn" or "twoFactor.enabled" or "twoFactor.disabled" or "namespace.roleChanged" => Updated,
        _ => null,
    };
}
