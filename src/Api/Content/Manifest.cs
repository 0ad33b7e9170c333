using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Replies;
using Slipway.Model.Decoding;
using Slipway.Model.Failures;

namespace Slipway.Api.Content;

/// <summary>A request body as a tree, and the keys it wrote twice (which the tree cannot show).</summary>
internal sealed record Manifest(JsonObject Tree, IReadOnlyList<FieldProblem> Duplicates)
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = DuplicateFields.DepthMax };

    public static Outcome<Manifest> FromJson(ReadOnlyMemory<byte> json)
    {
        try
        {
            var duplicates = DuplicateFields.Find(json.Span);
            using var document = JsonDocument.Parse(json, s_options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new Manifest((JsonObject)TreeOf(document.RootElement)!, duplicates)
                : Failures.BadRequest($"the body must be one JSON object, not {document.RootElement.ValueKind.ToString().ToLowerInvariant()}");
        }
        catch (JsonException broken)
        {
            return Failures.BadRequest($"the body is not valid JSON: {broken.Message}");
        }
        catch (InvalidOperationException broken)
        {
            // Text that is not UTF-8, or escapes that are no characters.
            return Failures.BadRequest($"the body is not valid JSON: {broken.Message}");
        }
    }

    /// <summary>Any JSON value as a tree; fails with JsonException or InvalidOperationException.</summary>
    public static JsonNode? Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, s_options);
        return TreeOf(document.RootElement);
    }

    /// <summary>Builds the tree by hand, because the library's own refuses repeated keys and here the last one wins.</summary>
    private static JsonNode? TreeOf(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    fields[property.Name] = TreeOf(property.Value);
                }

                return fields;
            case JsonValueKind.Array:
                var items = new JsonArray();
                foreach (var item in element.EnumerateArray())
                {
                    items.Add(TreeOf(item));
                }

                return items;
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString());
            case JsonValueKind.True:
                return JsonValue.Create(true);
            case JsonValueKind.False:
                return JsonValue.Create(false);
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
