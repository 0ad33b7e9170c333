using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Model.Trees;

/// <summary>
/// Reading JSON trees that users wrote: a value of an unexpected type counts as absent, because the decoder has reported
/// it already and no other rule should fail on it.
/// </summary>
internal static class JsonTree
{
    public static JsonObject? Object(this JsonObject? parent, string name) =>
        parent is not null && parent.TryGetPropertyValue(name, out var value) ? value as JsonObject : null;

    public static JsonArray? List(this JsonObject? parent, string name) =>
        parent is not null && parent.TryGetPropertyValue(name, out var value) ? value as JsonArray : null;

    /// <summary>The objects of a list with their places; anything else in it is skipped.</summary>
    public static IEnumerable<(JsonObject Item, int Index)> Objects(this JsonObject? parent, string name)
    {
        var list = parent.List(name);
        for (var index = 0; index < (list?.Count ?? 0); index++)
        {
            if (list![index] is JsonObject item)
            {
                yield return (item, index);
            }
        }
    }

    public static string? Text(this JsonObject? parent, string name) =>
        parent is not null && parent.TryGetPropertyValue(name, out var value) ? value.AsText() : null;

    public static long? Whole(this JsonObject? parent, string name) =>
        parent is not null && parent.TryGetPropertyValue(name, out var value) ? value.AsWhole() : null;

    public static double? Number(this JsonObject? parent, string name) =>
        parent is not null && parent.TryGetPropertyValue(name, out var value) && value is JsonValue number
        && number.GetValueKind() == JsonValueKind.Number
            ? double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture)
            : null;

    public static bool? Flag(this JsonObject? parent, string name) =>
        parent is not null && parent.TryGetPropertyValue(name, out var value) ? value?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        }
        : null;

    /// <summary>True when the field is there with anything but null.</summary>
    public static bool Has(this JsonObject? parent, string name) =>
        parent is not null && parent.TryGetPropertyValue(name, out var value) && value is not null;

    public static string? AsText(this JsonNode? value) =>
        value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>() : null;

    /// <summary>A whole number, also when it is written as decimal text or as a fraction of zero such as <c>80.0</c>.</summary>
    public static long? AsWhole(this JsonNode? value)
    {
        if (value is not JsonValue scalar)
        {
            return null;
        }

        var text = scalar.GetValueKind() switch
        {
            JsonValueKind.Number => scalar.ToJsonString(),
            JsonValueKind.String => scalar.GetValue<string>(),
            _ => "",
        };
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        return scalar.GetValueKind() == JsonValueKind.Number
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && exact == decimal.Truncate(exact)
            && exact is >= long.MinValue and <= long.MaxValue
                ? (long)exact
                : null;
    }

    /// <summary>The text values of a map; entries of other types are skipped.</summary>
    public static IEnumerable<KeyValuePair<string, string>> TextEntries(this JsonObject? parent, string name)
    {
        foreach (var (key, value) in parent.Object(name) ?? [])
        {
            if (value.AsText() is { } text)
            {
                yield return new(key, text);
            }
        }
    }

    /// <summary>The object at a field, made when absent. A value of another type is left alone and null is returned.</summary>
    public static JsonObject? Ensure(this JsonObject parent, string name)
    {
        if (parent.Has(name))
        {
            return parent[name] as JsonObject;
        }

        var made = new JsonObject();
        parent[name] = made;
        return made;
    }

    /// <summary>Null, an empty text, list or map, false or zero: what clients that print whole structures send for "not set".</summary>
    public static bool IsZero(this JsonNode? value) => value switch
    {
        null => true,
        JsonObject map => map.Count == 0,
        JsonArray list => list.Count == 0,
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.Null or JsonValueKind.False => true,
            JsonValueKind.String => scalar.GetValue<string>().Length == 0,
            JsonValueKind.Number => scalar.AsWhole() == 0,
            _ => false,
        },
        _ => false,
    };

    /// <summary>The value as messages show it: texts bare, everything else as JSON.</summary>
    public static string Shown(this JsonNode? value) => value.AsText() ?? value?.ToJsonString() ?? "null";

    public static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);
}
