using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Npgsql;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Messaging;

namespace Slipway.Identity.Administration;

/// <summary>
/// Writes what people do to accounts into the audit trail. The trail cannot be corrected and outlives accounts, so it names people by
/// number and networks without their last part; whole addresses stay with the sessions, which an erasure deletes. What other services
/// should hear of is told with the same stroke.
/// </summary>
internal sealed class ActivityLog(AuditTrail trail, Outbox outbox)
{
    public Task AddAsync(NpgsqlTransaction tx, HttpContext http, Guid actor, Activity activity, CancellationToken cancellation)
    {
        var entry = AuditEntry.From(http, activity.Action, activity.TargetType, activity.TargetId);
        return WriteAsync(tx, entry with { ActorType = "user", ActorId = actor.ToString(), ClientIp = Coarse(entry.ClientIp) }, activity, cancellation);
    }

    /// <summary>The service itself did it because its time had come.</summary>
    public Task AddAsync(NpgsqlTransaction tx, string verb, Activity activity, CancellationToken cancellation) =>
        WriteAsync(tx, AuditEntry.BySystem(verb, activity.Action, activity.TargetType, activity.TargetId), activity, cancellation);

    private async Task WriteAsync(NpgsqlTransaction tx, AuditEntry entry, Activity activity, CancellationToken cancellation)
    {
        await trail.AppendAsync(tx, entry with { Changes = Changes(activity), Reason = activity.Reason }, cancellation);
        if (await UserEvents.OfAsync(tx, activity, cancellation) is { } told)
        {
            await outbox.AddAsync(tx, told, cancellation);
        }
    }

    /// <summary>The network somebody came from: of IPv4 the first three numbers, of IPv6 the first 48 bits.</summary>
    internal static string? Coarse(string? address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
        {
            return null;
        }

        var plain = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        var bytes = plain.GetAddressBytes();
        var kept = plain.AddressFamily == AddressFamily.InterNetwork ? 3 : 6;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }

    private static AuditChange[] Changes(Activity activity) =>
        [.. activity.Changes.Select(change => new AuditChange(change.Pointer, Text(change.Before), Text(change.After)))];

    private static JsonValue? Text(string? value) => value is null ? null : JsonValue.Create(value);
}
