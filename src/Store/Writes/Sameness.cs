using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;

namespace Slipway.Store.Writes;

/// <summary>What differs between two versions of an object, judged by meaning and not by text.</summary>
internal static class Sameness
{
    public static bool OfBodies(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other)
    {
        if (one.Span.SequenceEqual(other.Span))
        {
            return true;
        }

        using var left = JsonDocument.Parse(one);
        using var right = JsonDocument.Parse(other);
        return JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }

    /// <summary>Everything beside metadata and status: what generation counts.</summary>
    public static bool OfIntent(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other)
    {
        if (one.Span.SequenceEqual(other.Span))
        {
            return true;
        }

        using var left = JsonDocument.Parse(one);
        using var right = JsonDocument.Parse(other);
        var fields = 0;
        foreach (var field in left.RootElement.EnumerateObject().Where(field => field.Name != "status"))
        {
            if (!right.RootElement.TryGetProperty(field.Name, out var value) || !JsonElement.DeepEquals(field.Value, value))
            {
                return false;
            }

            fields++;
        }

        return right.RootElement.EnumerateObject().Count(field => field.Name != "status") == fields;
    }

    /// <summary>
    /// The metadata clients own. When a field manager last wrote is not a change by itself: an apply that applies
    /// nothing new must not wake every watcher.
    /// </summary>
    public static bool OfMetadata(ObjectMeta one, ObjectMeta other) =>
        OfTexts(one.Labels, other.Labels)
        && OfTexts(one.Annotations, other.Annotations)
        && (one.OwnerReferences ?? []).SequenceEqual(other.OwnerReferences ?? [])
        && (one.Finalizers ?? []).SequenceEqual(other.Finalizers ?? [], StringComparer.Ordinal)
        && one.DeletionTimestamp == other.DeletionTimestamp
        && OfManagers(one.ManagedFields ?? [], other.ManagedFields ?? []);

    private static bool OfTexts(Dictionary<string, string>? one, Dictionary<string, string>? other)
    {
        if ((one?.Count ?? 0) != (other?.Count ?? 0))
        {
            return false;
        }

        return one is null || other is null || one.All(pair => other.TryGetValue(pair.Key, out var value) && value == pair.Value);
    }

    private static bool OfManagers(List<JsonElement> one, List<JsonElement> other) =>
        one.Count == other.Count && one.Zip(other).All(pair => OfManager(pair.First, pair.Second));

    private static bool OfManager(JsonElement one, JsonElement other) =>
        JsonElement.DeepEquals(one, other) || JsonNode.DeepEquals(WithoutTime(one), WithoutTime(other));

    private static JsonNode? WithoutTime(JsonElement manager)
    {
        if (manager.ValueKind != JsonValueKind.Object)
        {
            return JsonValue.Create(manager);
        }

        var fields = JsonObject.Create(manager)!;
        fields.Remove("time");
        return fields;
    }
}
