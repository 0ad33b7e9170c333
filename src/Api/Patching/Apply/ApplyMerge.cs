using System.Text.Json.Nodes;
using Slipway.Model.Schema;

namespace Slipway.Api.Patching.Apply;

/// <summary>Lays an applied manifest over the live object, and takes out what its manager has given up.</summary>
internal static class ApplyMerge
{
    /// <summary>Returns a new tree; fields the manifest does not mention stay.</summary>
    public static JsonNode Merge(Shape? shape, JsonNode? live, JsonNode applied)
    {
        switch (shape?.Type)
        {
            case ShapeType.Object or ShapeType.Map when applied is JsonObject fields:
                var merged = live?.DeepClone() as JsonObject ?? [];
                foreach (var (name, value) in fields)
                {
                    if (value is not null)
                    {
                        var child = shape.Type == ShapeType.Map ? shape.Items : shape.Find(name)?.Shape;
                        merged[name] = Merge(child, merged[name], value);
                    }
                }

                return merged;
            case ShapeType.List when shape.ApplyMerge == ListMerge.Keyed && applied is JsonArray items:
                return MergeKeyed(shape, live as JsonArray ?? [], items);
            case ShapeType.List when shape.ApplyMerge == ListMerge.Set && applied is JsonArray values:
                var all = (live as JsonArray ?? []).Select(item => item?.DeepClone()).ToList();
                foreach (var value in values.Where(value => !all.Any(known => JsonNode.DeepEquals(known, value))).ToList())
                {
                    all.Add(value?.DeepClone());
                }

                return new JsonArray([.. all]);
            default:
                return applied.DeepClone();
        }
    }

    /// <summary>Removes the node at each path, and the containers that become empty by it unless somebody owns them as they are.</summary>
    public static void Remove(Shape shape, JsonObject tree, IEnumerable<string> paths, IReadOnlySet<string> owned)
    {
        // Shallow paths first: an item that goes takes its fields along.
        foreach (var path in paths.OrderBy(path => path.Length))
        {
            Remove(shape, tree, path.Split(FieldPaths.Separator), 0, owned);
        }
    }

    private static JsonArray MergeKeyed(Shape shape, JsonArray live, JsonArray applied)
    {
        var items = live.Select(item => item?.DeepClone()).ToList();
        foreach (var item in applied.OfType<JsonObject>())
        {
            var key = FieldPaths.KeyOf(shape, item);
            var place = items.FindIndex(known => known is JsonObject there && FieldPaths.KeyOf(shape, there) == key);
            if (place >= 0)
            {
                items[place] = Merge(shape.Items, items[place], item);
            }
            else
            {
                items.Add(item.DeepClone());
            }
        }

        return new JsonArray([.. items]);
    }

    /// <summary>Returns true when <paramref name="node"/> is empty afterwards because of the removal.</summary>
    private static bool Remove(Shape? shape, JsonNode? node, string[] path, int depth, IReadOnlySet<string> owned)
    {
        var part = path[depth];
        var last = depth == path.Length - 1;
        var ownedAsIs = owned.Contains(string.Join(FieldPaths.Separator, path.Take(depth + 1)));
        switch (node)
        {
            case JsonObject fields when part.StartsWith("f:", StringComparison.Ordinal) && fields.ContainsKey(part[2..]):
                var name = part[2..];
                var child = shape?.Type == ShapeType.Map ? shape.Items : shape?.Find(name)?.Shape;
                if (last || (Remove(child, fields[name], path, depth + 1, owned) && !ownedAsIs))
                {
                    fields.Remove(name);
                    return fields.Count == 0;
                }

                return false;
            case JsonArray items when shape is not null:
                for (var index = 0; index < items.Count; index++)
                {
                    var matches = part.StartsWith("k:", StringComparison.Ordinal)
                        ? items[index] is JsonObject item && FieldPaths.KeyOf(shape, item) == part
                        : FieldPaths.SetKeyOf(items[index]) == part;
                    if (!matches)
                    {
                        continue;
                    }

                    if (last || (Remove(shape.Items, items[index], path, depth + 1, owned) && !ownedAsIs))
                    {
                        items.RemoveAt(index);
                        return items.Count == 0;
                    }

                    return false;
                }

                return false;
            default:
                return false;
        }
    }
}
