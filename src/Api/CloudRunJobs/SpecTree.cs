using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Api.CloudRunJobs;

/// <summary>Reads the trees clients send. A value of another type counts as absent; the rules have refused it before.</summary>
internal static class SpecTree
{
    public static JsonObject? Child(this JsonObject? parent, string field) =>
        parent is not null && parent.TryGetPropertyValue(field, out var value) ? value as JsonObject : null;

    public static JsonObject Made(this JsonObject parent, string field)
    {
        if (parent.Child(field) is { } child)
        {
            return child;
        }

        var made = new JsonObject();
        parent[field] = made;
        return made;
    }

    public static IEnumerable<JsonObject> Children(this JsonObject? parent, string field) =>
        (parent?[field] as JsonArray ?? []).OfType<JsonObject>();

    public static string Text(this JsonObject? parent, string field) =>
        parent?[field] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    /// <summary>A whole number, also as text: clients write 64-bit numbers as text.</summary>
    public static long? Whole(this JsonObject? parent, string field)
    {
        var text = parent?[field] is JsonValue value
            ? value.GetValueKind() switch
            {
                JsonValueKind.Number => value.ToJsonString(),
                JsonValueKind.String => value.GetValue<string>(),
                _ => "",
            }
            : "";
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null;
    }
}
