using System.Text.Json.Nodes;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Messaging;

namespace Slipway.Identity.Administration;

/// <summary>
/// What other services are told about accounts: that one was made, changed or erased. The events name the account by its number, with its
/// role and whether it is open; whoever needs more asks, so that no copy of personal data waits on a bus when it is erased here.
/// </summary>
internal static class UserEvents
{
    public const string Topic = "user-events";
    public const string Created = "slipway.retail.user.created.v1";
    public const string Updated = "slipway.retail.user.updated.v1";
    public const string Deleted = "slipway.retail.user.deleted.v1";

    /// <summary>Null when an activity is nobody's business but the trail's. The account is told as this transaction leaves it.</summary>
    public static async Task<OutgoingEvent?> OfAsync(NpgsqlTransaction transaction, Activity activity, CancellationToken cancellation)
    {
        if (TypeOf(activity) is not { } type || !Guid.TryParse(activity.TargetId, out var id))
        {
            return null;
        }

        var account = await transaction.Command("select role, is_active, version from users where id = $1", id)
            .OneAsync(row => new State(row.GetString(0), row.GetBoolean(1), row.GetInt64(2)), cancellation);
        return account is null ? null : new OutgoingEvent
        {
            Type = type,
            Topic = Topic,
            Subject = activity.TargetId,
            Sequence = account.Version,
            DataClassification = "internal",
            Data = type == Deleted
                ? new JsonObject { ["userId"] = activity.TargetId }
                : new JsonObject { ["userId"] = activity.TargetId, ["role"] = account.Role, ["active"] = account.Active },
        };
    }

    public static string? TypeOf(Activity activity) => activity.TargetType != "account" ? null : activity.Action switch
    {
        "account.registered" => Created,
        "account.anonymised" => Deleted,
        "account.changed" or "account.profileChanged" or "account.addressConfirmed" or "account.emailChanged" or "account.consentDecided"
            or "account.erasureRequested" or "account.erasureWithdrawn" or "twoFactor.enabled" or "twoFactor.disabled" => Updated,
        _ => null,
    };

    private sealed record State(string Role, bool Active, long Version);
}
