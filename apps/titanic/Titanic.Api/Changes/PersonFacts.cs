using System.Text.Json.Nodes;
using Slipway.Sdk.Messaging;
using Titanic.Api.Tenants;

namespace Titanic.Api.Changes;

/// <summary>What other services hear of people: that something happened and to which record, never a name.</summary>
internal static class PersonFacts
{
    public const string Topic = "titanic-events";

    /// <summary>Null for what concerns nobody outside.</summary>
    public static OutgoingEvent? Of(Tenant tenant, PersonChange change) => change.Action is "created" or "updated" or "deleted" or "restored"
        ? new OutgoingEvent
        {
            Type = $"slipway.titanic.person.{change.Action}.v1",
            Topic = Topic,
            Subject = change.Person.Uuid.ToString(),
            Sequence = change.Person.Version,
            DataClassification = "internal",
            Data = new JsonObject
            {
                ["uuid"] = change.Person.Uuid.ToString(),
                ["tenant"] = tenant.Name,
                ["passengerId"] = change.Person.PassengerId,
                ["passengerClass"] = change.Person.Content.Class,
                ["survived"] = change.Person.Content.Survived,
                ["version"] = change.Person.Version,
                ["changed"] = new JsonArray([.. change.Fields.Select(field => (JsonNode)field.Pointer[1..])]),
            },
        }
        : null;
}
