using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Model.Schema;

namespace Slipway.Api.Patching.Apply;

/// <summary>
/// The leaves of an object as paths, in the notation of managed fields: <c>f:name</c> for a field, <c>k:{…}</c> for the
/// item of a keyed list, <c>v:…</c> for the item of a set. A path's parts are joined by a separator that no part contains.
/// </summary>
internal static class FieldPaths
{
    public const char Separator = '\u001f';

    private static readonly string[] s_serverOwnedMetadata =
    [
        "name", "namespace", "generateName", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp",
        "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields",
    ];

    /// <summary>Every leaf with its value as text; items of keyed lists are leaves of their own beside their fields.</summary>
    public static Dictionary<string, string> Of(Shape shape, JsonObject? manifest)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in manifest ?? [])
        {
            if (name is "apiVersion" or "kind" || value is null)
            {
                continue;
            }

            var field = shape.Find(name)?.Shape;
            if (name != "metadata")
            {
                Collect(field, value, $"f:{name}", leaves);
                continue;
            }

            foreach (var (part, inner) in value as JsonObject ?? [])
            {
                if (inner is not null && !s_serverOwnedMetadata.Contains(part))
                {
                    Collect(field?.Find(part)?.Shape, inner, $"f:metadata{Separator}f:{part}", leaves);
                }
            }
        }

        return leaves;
    }

    /// <summary>The text that identifies an item of a keyed list: its key fields, sorted, as JSON.</summary>
    public static string KeyOf(Shape list, JsonObject item)
    {
        var key = new JsonObject();
        foreach (var name in list.ApplyKeys.Order(StringComparer.Ordinal))
        {
            if (item[name] is { } value)
            {
                key[name] = value.DeepClone();
            }
            else if (list.Items!.Find(name)?.Default is { } standard)
            {
                key[name] = standard;
            }
        }

        return $"k:{key.ToJsonString(FieldsV1.Relaxed)}";
    }

    public static string SetKeyOf(JsonNode? item) => $"v:{item?.ToJsonString(FieldsV1.Relaxed) ?? "null"}";

    public static bool IsUnder(string path, string parent) =>
        path.Length > parent.Length && path.StartsWith(parent, StringComparison.Ordinal) && path[parent.Length] == Separator;

    /// <summary>A path as people read it: <c>.spec.template.spec.containers[name="web"].image</c>.</summary>
    public static string Display(string path) => string.Concat(path.Split(Separator).Select(part => part switch
    {
        ['f', ':', .. var name] => $".{name}",
        ['v', ':', .. var value] => $"[={value}]",
        ['k', ':', .. var key] => $"[{string.Join(',', KeyParts(key))}]",
        _ => part,
    }));

    private static IEnumerable<string> KeyParts(string key) =>
        (JsonNode.Parse(key) as JsonObject ?? []).Select(part => $"{part.Key}={part.Value?.ToJsonString(FieldsV1.Relaxed)}");

    private static void Collect(Shape? shape, JsonNode value, string path, Dictionary<string, string> leaves)
    {
        switch (shape?.Type)
        {
            case ShapeType.Object or ShapeType.Map when value is JsonObject { Count: > 0 } fields:
                foreach (var (name, child) in fields)
                {
                    if (child is not null)
                    {
                        Collect(shape.Type == ShapeType.Map ? shape.Items : shape.Find(name)?.Shape, child, $"{path}{Separator}f:{name}", leaves);
                    }
                }

                break;
            case ShapeType.List when shape.ApplyMerge == ListMerge.Keyed && value is JsonArray { Count: > 0 } items:
                foreach (var item in items.OfType<JsonObject>())
                {
                    var itemPath = $"{path}{Separator}{KeyOf(shape, item)}";
                    leaves[itemPath] = "";
                    foreach (var (name, child) in item)
                    {
                        if (child is not null)
                        {
                            Collect(shape.Items!.Find(name)?.Shape, child, $"{itemPath}{Separator}f:{name}", leaves);
                        }
                    }
                }

                break;
            case ShapeType.List when shape.ApplyMerge == ListMerge.Set && value is JsonArray { Count: > 0 } values:
                foreach (var item in values)
                {
                    leaves[$"{path}{Separator}{SetKeyOf(item)}"] = "";
                }

                break;
            default:
                leaves[path] = value.ToJsonString();
                break;
        }
    }
}
