using System.Text.Json.Nodes;
using Slipway.Model.Schema;

namespace Slipway.Api.Patching;

/// <summary>
/// Strategic merge: as merge patch, but lists whose items have a key are merged item by item, and directives inside the
/// patch say where that is not wanted. Which list has which key is the schema's knowledge.
/// </summary>
internal static class StrategicMerge
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeleteFrom = "$deleteFromPrimitiveList/";
    private const string ElementOrder = "$setElementOrder/";

    /// <summary>Returns the merged object; the arguments stay as they are. Fails with <see cref="PatchException"/>.</summary>
    public static JsonObject Apply(Shape? shape, JsonObject? original, JsonObject patch)
    {
        switch (DirectiveOf(patch))
        {
            case "replace":
                return WithoutDirectives(patch);
            case "delete":
                return [];
        }

        var result = original?.DeepClone() as JsonObject ?? [];
        if (patch[RetainKeys] is JsonArray retained)
        {
            var names = retained.Select(name => name?.ToString()).ToHashSet(StringComparer.Ordinal);
            foreach (var name in result.Select(field => field.Key).Where(name => !names.Contains(name)).ToList())
            {
                result.Remove(name);
            }
        }

        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(DeleteFrom, StringComparison.Ordinal))
            {
                DeletePrimitives(result, name[DeleteFrom.Length..], value);
            }
            else if (name is not (Directive or RetainKeys) && !name.StartsWith(ElementOrder, StringComparison.Ordinal))
            {
                Merge(shape, result, name, value, patch[ElementOrder + name] as JsonArray);
            }
        }

        foreach (var (name, value) in patch.Where(field => field.Key.StartsWith(ElementOrder, StringComparison.Ordinal)))
        {
            var list = name[ElementOrder.Length..];
            if (!patch.ContainsKey(list) && result[list] is JsonArray items && value is JsonArray order)
            {
                result[list] = Ordered(items, order, FieldOf(shape, list)?.PatchKey);
            }
        }

        return result;
    }

    private static void Merge(Shape? shape, JsonObject result, string name, JsonNode? value, JsonArray? order)
    {
        var field = FieldOf(shape, name);
        switch (value)
        {
            case null:
                result.Remove(name);
                break;
            case JsonObject fields:
                result[name] = Apply(field, result[name] as JsonObject, fields);
                break;
            case JsonArray items when field?.PatchKey is { } key:
                var merged = MergeKeyed(field.Items, key, result[name] as JsonArray ?? [], items);
                result[name] = order is null ? merged : Ordered(merged, order, key);
                break;
            case JsonArray items when field?.PatchMergesPrimitives == true:
                var united = Union(result[name] as JsonArray ?? [], items);
                result[name] = order is null ? united : Ordered(united, order, null);
                break;
            default:
                result[name] = value.DeepClone();
                break;
        }
    }

    private static JsonArray MergeKeyed(Shape? itemShape, string key, JsonArray original, JsonArray patch)
    {
        var items = original.Select(item => item?.DeepClone()).ToList();
        if (patch.Any(item => item is JsonObject fields && DirectiveOf(fields) == "replace"))
        {
            return new JsonArray([.. patch
                .OfType<JsonObject>()
                .Where(item => DirectiveOf(item) is null || item.Count > 1)
                .Select(WithoutDirectives)]);
        }

        foreach (var item in patch)
        {
            if (item is not JsonObject fields)
            {
                throw new PatchException($"items of a list merged by \"{key}\" must be objects");
            }

            if (fields[key] is not { } id)
            {
                throw new PatchException($"an item does not contain the merge key \"{key}\"");
            }

            var place = items.FindIndex(known => known is JsonObject there && SameKey(there[key], id));
            if (DirectiveOf(fields) == "delete")
            {
                items.RemoveAll(known => known is JsonObject there && SameKey(there[key], id));
            }
            else if (place >= 0)
            {
                items[place] = Apply(itemShape, (JsonObject)items[place]!, fields);
            }
            else
            {
                items.Add(Apply(itemShape, null, fields));
            }
        }

        return new JsonArray([.. items]);
    }

    private static JsonArray Union(JsonArray original, JsonArray patch)
    {
        var items = original.Select(item => item?.DeepClone()).ToList();
        foreach (var item in patch.Where(item => !items.Any(known => JsonNode.DeepEquals(known, item))).ToList())
        {
            items.Add(item?.DeepClone());
        }

        return new JsonArray([.. items]);
    }

    private static void DeletePrimitives(JsonObject result, string name, JsonNode? values)
    {
        if (values is JsonArray gone && result[name] is JsonArray list)
        {
            result[name] = new JsonArray([.. list
                .Where(item => !gone.Any(value => JsonNode.DeepEquals(value, item)))
                .Select(item => item?.DeepClone())]);
        }
    }

    /// <summary>
    /// Items the order names stand in that order; any other item stays behind the one it followed, so that what a server
    /// has added keeps its place.
    /// </summary>
    private static JsonArray Ordered(JsonArray items, JsonArray order, string? key)
    {
        int Place(JsonNode? item)
        {
            for (var index = 0; index < order.Count; index++)
            {
                var named = key is null ? order[index] : (order[index] as JsonObject)?[key];
                var own = key is null ? item : (item as JsonObject)?[key];
                if (named is not null && SameKey(named, own))
                {
                    return index;
                }
            }

            return -1;
        }

        var groups = new List<(int Place, List<JsonNode?> Items)> { (-1, []) };
        foreach (var item in items)
        {
            var place = Place(item);
            if (place >= 0)
            {
                groups.Add((place, []));
            }

            groups[^1].Items.Add(item?.DeepClone());
        }

        return new JsonArray([.. groups.OrderBy(group => group.Place).SelectMany(group => group.Items)]);
    }

    private static JsonObject WithoutDirectives(JsonObject patch) =>
        new(patch
            .Where(field => field.Value is not null && !field.Key.StartsWith('$'))
            .Select(field => KeyValuePair.Create(field.Key, Plain(field.Value))));

    private static JsonNode? Plain(JsonNode? value) => value switch
    {
        JsonObject fields => WithoutDirectives(fields),
        JsonArray items => new JsonArray([.. items.Select(Plain)]),
        _ => value?.DeepClone(),
    };

    private static string? DirectiveOf(JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(Directive, out var value))
        {
            return null;
        }

        return value?.ToString() is "replace" or "delete" or "merge"
            ? value.ToString()
            : throw new PatchException($"unknown directive $patch: {value?.ToJsonString() ?? "null"}");
    }

    // Container ports may come as 80 and 80.0 or "80"; text is what they have in common.
    private static bool SameKey(JsonNode? left, JsonNode? right) => left?.ToString() == right?.ToString();

    private static Shape? FieldOf(Shape? shape, string name) => shape?.Type == ShapeType.Map ? shape.Items : shape?.Find(name)?.Shape;
}
