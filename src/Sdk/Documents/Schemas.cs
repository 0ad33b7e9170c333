using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Sdk.Documents;

/// <summary>JSON Schemas of the types a service reads and writes, from the same metadata that reads and writes them.</summary>
internal sealed class Schemas(ServiceShapes shapes)
{
    private readonly Dictionary<Type, string> _names = [];

    /// <summary>The object types met so far, by name.</summary>
    public JsonObject Components { get; } = [];

    /// <summary>Null if the type is not among those the service serialises.</summary>
    public JsonNode? Of(Type type) => shapes.Find(type) is { } info ? Of(info, type) : Plain(type);

    private JsonObject Of(JsonTypeInfo info, Type type)
    {
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                return new JsonObject { ["$ref"] = "#/components/schemas/" + Component(info) };
            case JsonTypeInfoKind.Enumerable:
                return new JsonObject { ["type"] = "array", ["items"] = Child(info.ElementType) };
            case JsonTypeInfoKind.Dictionary:
                return new JsonObject { ["type"] = "object", ["additionalProperties"] = Child(info.ElementType) };
            default:
                return Leaf(info, Nullable.GetUnderlyingType(type) ?? type);
        }
    }

    /// <summary>The framework answers some types without being told how, such as a plain text.</summary>
    private static JsonObject? Plain(Type type) => type == typeof(string) ? Typed("string") : null;

    private JsonObject Child(Type? type) => type is not null && Of(type) is JsonObject schema ? schema : [];

    private string Component(JsonTypeInfo info)
    {
        if (_names.TryGetValue(info.Type, out var known))
        {
            return known;
        }

        var name = NameOf(info.Type);
        while (Components.ContainsKey(name))
        {
            name += "_";
        }

        _names.Add(info.Type, name);

        // Registered before its members are looked at, so a type may contain itself.
        var schema = new JsonObject { ["type"] = "object" };
        Components.Add(name, schema);
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in info.Properties)
        {
            properties[property.Name] = Member(property);
            if (property.IsRequired)
            {
                required.Add((JsonNode)property.Name);
            }
        }

        schema["properties"] = properties;
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        if ((info.UnmappedMemberHandling ?? info.Options.UnmappedMemberHandling) is JsonUnmappedMemberHandling.Disallow)
        {
            schema["additionalProperties"] = false;
        }

        return name;
    }

    private JsonObject Member(JsonPropertyInfo property)
    {
        var schema = Child(property.PropertyType);
        var mayBeNull = Nullable.GetUnderlyingType(property.PropertyType) is not null || (!property.PropertyType.IsValueType && property.IsGetNullable);
        if (!mayBeNull)
        {
            return schema;
        }

        if (schema["type"] is JsonValue type && !schema.ContainsKey("enum"))
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
            return schema;
        }

        return schema.Count == 0 ? schema : new JsonObject { ["oneOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
    }

    private static JsonObject Leaf(JsonTypeInfo info, Type type)
    {
        if (type.IsEnum)
        {
            return Enumeration(info, type);
        }

        return type switch
        {
            _ when type == typeof(string) || type == typeof(char) => Typed("string"),
            _ when type == typeof(bool) => Typed("boolean"),
            _ when type == typeof(int) || type == typeof(short) || type == typeof(byte) => Typed("integer", "int32"),
            _ when type == typeof(long) => Typed("integer", "int64"),
            _ when type == typeof(decimal) || type == typeof(double) || type == typeof(float) => Typed("number"),
            _ when type == typeof(Guid) => Typed("string", "uuid"),
            _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) => Typed("string", "date-time"),
            _ when type == typeof(DateOnly) => Typed("string", "date"),
            _ when type == typeof(TimeOnly) => Typed("string", "time"),
            _ when type == typeof(Uri) => Typed("string", "uri"),
            _ when type == typeof(byte[]) => Typed("string", "byte"),
            _ when type == typeof(JsonObject) => Typed("object"),
            _ when type == typeof(JsonArray) => Typed("array"),
            _ => [],
        };
    }

    /// <summary>The values as the service itself writes them; readers must expect others later.</summary>
    private static JsonObject Enumeration(JsonTypeInfo info, Type type)
    {
        var values = new JsonArray();
        foreach (var value in Enum.GetValuesAsUnderlyingType(type))
        {
            var member = Enum.ToObject(type, value);
            values.Add(JsonNode.Parse(JsonSerializer.Serialize(member, info.Options.GetTypeInfo(type))));
        }

        return new JsonObject { ["type"] = values is [JsonValue first, ..] && first.GetValueKind() == JsonValueKind.String ? "string" : "integer", ["enum"] = values };
    }

    private static JsonObject Typed(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = type };
        if (format is not null)
        {
            schema["format"] = format;
        }

        return schema;
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] + "Of" + string.Concat(type.GetGenericArguments().Select(NameOf))
        : type.Name;
}
