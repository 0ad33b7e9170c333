using System.Text.Json.Nodes;
using Slipway.Sdk.Auditing;
using Titanic.Api.People;

namespace Titanic.Api.Changes;

/// <summary>What differs between two versions of a record, field by field. Pure.</summary>
internal static class FieldChanges
{
    /// <summary>These say who somebody is and are sealed in the trail.</summary>
    private static readonly HashSet<string> s_personal = new(StringComparer.Ordinal) { "/name", "/ticket", "/cabin", "/age" };

    public static bool IsPersonal(string pointer) => s_personal.Contains(pointer);

    public static List<AuditChange> Between(PersonContent? before, PersonContent? after)
    {
        var (left, right) = (Fields(before), Fields(after));
        var changes = new List<AuditChange>();
        for (var at = 0; at < left.Length; at++)
        {
            if (!JsonNode.DeepEquals(left[at].Value, right[at].Value))
            {
                changes.Add(new AuditChange(left[at].Pointer, left[at].Value, right[at].Value));
            }
        }

        return changes;
    }

    public static AuditChange Seal(AuditChange change, byte[]? key, Guid person) => IsPersonal(change.Pointer) && key is not null
        ? new AuditChange(change.Pointer, Sealed.Seal(key, person, change.Pointer, change.Before), Sealed.Seal(key, person, change.Pointer, change.After))
        : change;

    private static (string Pointer, JsonNode? Value)[] Fields(PersonContent? content) =>
    [
        ("/survived", Of(content?.Survived)),
        ("/passengerClass", Of(content?.Class)),
        ("/name", Of(content?.Name)),
        ("/sex", Of(content?.Sex)),
        ("/age", Of(content?.Age)),
        ("/siblingsOrSpousesAboard", Of(content?.SiblingsOrSpouses)),
        ("/parentsOrChildrenAboard", Of(content?.ParentsOrChildren)),
        ("/ticket", Of(content?.Ticket)),
        ("/fare", Of(content?.Fare)),
        ("/cabin", Of(content?.Cabin)),
        ("/embarked", Of(content?.Embarked)),
    ];

    private static JsonValue? Of(string? value) => value is null ? null : JsonValue.Create(value);

    private static JsonValue? Of(bool? value) => value is null ? null : JsonValue.Create(value.Value);

    private static JsonValue? Of(int? value) => value is null ? null : JsonValue.Create(value.Value);

    private static JsonValue? Of(decimal? value) => value is null ? null : JsonValue.Create(value.Value / 1.000000000000000000000000000000m);
}
