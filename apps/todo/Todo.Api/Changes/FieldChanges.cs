using System.Text.Json.Nodes;

namespace Todo.Api.Changes;

/// <summary>One field before and after.</summary>
internal sealed record FieldChange(string Pointer, JsonNode? Before, JsonNode? After);

/// <summary>What differs between two states, as people understand it: bookkeeping is left out.</summary>
internal static class FieldChanges
{
    private static readonly HashSet<string> s_bookkeeping = ["id", "ownerId", "version", "createdAt", "updatedAt", "createdBy"];

    public static IReadOnlyList<FieldChange> Between(JsonObject? before, JsonObject? after)
    {
        var changes = new List<FieldChange>();
        Compare("", Flat(before), Flat(after), changes);
        return changes;
    }

    private static void Compare(string path, JsonObject before, JsonObject after, List<FieldChange> changes)
    {
        foreach (var name in before.Select(member => member.Key).Union(after.Select(member => member.Key)).Where(name => !s_bookkeeping.Contains(name)))
        {
            var (old, new_) = (before[name], after[name]);
            if (!JsonNode.DeepEquals(old, new_))
            {
                changes.Add(new FieldChange($"{path}/{name}", old?.DeepClone(), new_?.DeepClone()));
            }
        }
    }

    /// <summary>The content's fields stand beside the others, as on the wire.</summary>
    private static JsonObject Flat(JsonObject? state)
    {
        var flat = new JsonObject();
        foreach (var (name, value) in state ?? [])
        {
            if (name == "content" && value is JsonObject content)
            {
                foreach (var (inner, innerValue) in content)
                {
                    flat[inner] = innerValue?.DeepClone();
                }
            }
            else
            {
                flat[name] = value?.DeepClone();
            }
        }

        return flat;
    }
}
