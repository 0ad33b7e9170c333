using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;
using Slipway.Model.Schema;

namespace Slipway.Api.Discovery;

/// <summary>
/// OpenAPI v3, one document per group version, made from the same schemas that decode and prune manifests. Clients read
/// it for two things: that the server validates fields itself, and what <c>explain</c> shows.
/// </summary>
internal sealed class OpenApiDocuments
{
    private readonly Lazy<Dictionary<string, byte[]>> _documents = new(Build);

    public JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var (path, document) in _documents.Value)
        {
            var hash = Convert.ToHexString(SHA256.HashData(document));
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    /// <summary>The document of <c>api/v1</c> or <c>apis/{group}/{version}</c>.</summary>
    public byte[]? Find(string groupVersion) => _documents.Value.GetValueOrDefault(groupVersion);

    private static Dictionary<string, byte[]> Build() => Kinds.All
        .GroupBy(PathOf)
        .ToDictionary(group => group.Key, group => Encoding.UTF8.GetBytes(Document([.. group]).ToJsonString()), StringComparer.Ordinal);

    private static string PathOf(ResourceKind kind) => kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.Group}/{kind.Version}";

    private static JsonObject Document(IReadOnlyList<ResourceKind> kinds)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject();
        foreach (var kind in kinds)
        {
            var name = SchemaName(kind);
            schemas[name] = KindSchema(kind);
            var collection = kind.Namespaced ? $"/{PathOf(kind)}/namespaces/{{namespace}}/{kind.Plural}" : $"/{PathOf(kind)}/{kind.Plural}";
            paths[collection] = new JsonObject
            {
                ["get"] = Operation(kind, "list", name),
                ["post"] = Operation(kind, "post", name),
            };
            paths[collection + "/{name}"] = new JsonObject
            {
                ["get"] = Operation(kind, "get", name),
                ["put"] = Operation(kind, "put", name),
                ["patch"] = Operation(kind, "patch", name),
                ["delete"] = Operation(kind, "delete", name),
            };
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Slipway", ["version"] = kinds[0].ApiVersion },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static string SchemaName(ResourceKind kind)
    {
        var group = kind.Group.Length == 0 ? "core" : kind.Group;
        return $"{string.Join('.', group.Split('.').Reverse())}.{kind.Version}.{kind.Kind}";
    }

    private static JsonObject Operation(ResourceKind kind, string action, string schema)
    {
        var operation = new JsonObject
        {
            ["operationId"] = $"{action}{kind.Kind}",
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject
                {
                    ["description"] = "OK",
                    ["content"] = new JsonObject
                    {
                        ["application/json"] = new JsonObject
                        {
                            ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{schema}" },
                        },
                    },
                },
            },
            ["x-kubernetes-action"] = action,
            ["x-kubernetes-group-version-kind"] = GroupVersionKind(kind),
        };
        if (action is "post" or "put" or "patch")
        {
            operation["parameters"] = new JsonArray(
                Parameter("dryRun", "All checks and completes the object but keeps nothing."),
                Parameter("fieldManager", "The name under which the changed fields are remembered."),
                Parameter("fieldValidation", "What happens to unknown fields: Ignore, Warn or Strict."));
        }

        return operation;
    }

    private static JsonObject Parameter(string name, string description) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject GroupVersionKind(ResourceKind kind) =>
        new() { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind };

    private static JsonObject KindSchema(ResourceKind kind)
    {
        var schema = Schema(Schemas.For(kind));
        schema["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(kind));
        return schema;
    }

    private static JsonObject Schema(Shape shape)
    {
        var schema = new JsonObject { ["description"] = shape.Description };
        switch (shape.Type)
        {
            case ShapeType.Object:
                schema["type"] = "object";
                var properties = new JsonObject();
                foreach (var field in shape.Fields)
                {
                    properties[field.Name] = Schema(field.Shape);
                }

                schema["properties"] = properties;
                var required = shape.Fields.Where(field => field.Required).Select(field => field.Name).ToList();
                if (required.Count > 0)
                {
                    schema["required"] = LegacyDiscovery.Texts(required);
                }

                break;
            case ShapeType.List:
                schema["type"] = "array";
                schema["items"] = Undescribed(shape.Items!);
                Merging(shape, schema);
                break;
            case ShapeType.Map:
                schema["type"] = "object";
                schema["additionalProperties"] = Undescribed(shape.Items!);
                break;
            case ShapeType.Text:
                schema["type"] = "string";
                break;
            case ShapeType.Integer:
                schema["type"] = "integer";
                break;
            case ShapeType.Number:
                schema["type"] = "number";
                break;
            case ShapeType.Boolean:
                schema["type"] = "boolean";
                break;
            case ShapeType.Quantity or ShapeType.IntOrString:
                schema["oneOf"] = new JsonArray(
                    new JsonObject { ["type"] = "string" },
                    new JsonObject { ["type"] = shape.Type == ShapeType.Quantity ? "number" : "integer" });
                break;
            case ShapeType.Any:
                schema["type"] = "object";
                schema["x-kubernetes-preserve-unknown-fields"] = true;
                break;
        }

        if (shape.Format is { } format)
        {
            schema["format"] = format;
        }

        if (shape.Choices.Count > 0)
        {
            schema["enum"] = LegacyDiscovery.Texts(shape.Choices);
        }

        return schema;
    }

    /// <summary>Explain prints a list's description and then its item's; the first says it all.</summary>
    private static JsonObject Undescribed(Shape shape)
    {
        var schema = Schema(shape);
        schema.Remove("description");
        return schema;
    }

    private static void Merging(Shape shape, JsonObject schema)
    {
        schema["x-kubernetes-list-type"] = shape.ApplyMerge switch
        {
            ListMerge.Keyed => "map",
            ListMerge.Set => "set",
            _ => "atomic",
        };
        if (shape.ApplyKeys.Count > 0)
        {
            schema["x-kubernetes-list-map-keys"] = LegacyDiscovery.Texts(shape.ApplyKeys);
        }

        if (shape.PatchKey is { } key)
        {
            schema["x-kubernetes-patch-merge-key"] = key;
            schema["x-kubernetes-patch-strategy"] = "merge";
        }
    }
}
