using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Paging;
using Titanic.Api.Changes;

namespace Titanic.Api.Auditing;

internal sealed record AuditPage(IReadOnlyList<AuditDocument> Items, Page Page);

/// <param name="Seq">Its place in the chain of hashes; null for the moment until it is linked.</param>
/// <param name="EntityId">The person's uuid; for invented people, whose list.</param>
/// <param name="Actor">Who did it. Only administrators are told more than what kind of caller it was.</param>
internal sealed record AuditDocument(
    Guid Id, long? Seq, DateTimeOffset At, string Entity, string EntityId, string Action, AuditActor Actor, IReadOnlyList<AuditChangeDocument> Changes, string? Reason, string? RequestId, string? TraceId)
{
    public static AuditDocument Of(AuditRecord record, Dictionary<Guid, byte[]> keys, bool withActor)
    {
        var entry = record.Entry;
        var person = Guid.TryParse(entry.TargetId, out var id) ? id : Guid.Empty;
        return new AuditDocument(
            record.Id, record.Seq, record.At, "person", entry.TargetId, entry.Action,
            new AuditActor(entry.ActorType, withActor ? entry.ActorId : null),
            [.. entry.Changes.Select(change => new AuditChangeDocument(change.Pointer, Opened(change.Before, change.Pointer), Opened(change.After, change.Pointer)))],
            entry.Reason, withActor ? entry.RequestId : null, withActor ? entry.TraceId : null);

        JsonElement Opened(JsonNode? value, string pointer) =>
            JsonDocument.Parse(Sealed.Open(keys.GetValueOrDefault(person), person, pointer, value)?.ToJsonString() ?? "null").RootElement;
    }
}

internal sealed record AuditActor(string Type, string? Id);

internal sealed record AuditChangeDocument(string Pointer, JsonElement Before, JsonElement After);

/// <param name="Entries">How many links were looked at, when all of them hold.</param>
/// <param name="Detail">What does not hold, when something does not.</param>
internal sealed record AuditVerdict(bool Holds, long? Entries, string? Detail);
