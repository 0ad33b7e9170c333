using System.Text.Json;

namespace Titanic.Api.Graph;

/// <summary>What a kind of thing consists of: its fields, each with the shape of what it holds, or null for plain values.</summary>
internal sealed class GraphShape(string name, params (string Field, GraphShape? Shape)[] fields)
{
    private const string TypeName = "__typename";

    private static readonly string[] s_personFields =
    [
        "uuid", "passengerId", "survived", "passengerClass", "name", "sex", "age", "siblingsOrSpousesAboard", "parentsOrChildrenAboard", "ticket", "fare", "cabin", "embarked", "createdAt", "updatedAt", "version",
    ];

    private static readonly (string, GraphShape?)[] s_figures = [("count", null), ("survived", null), ("survivalRate", null), ("averageAge", null), ("averageFare", null)];

    private readonly Dictionary<string, GraphShape?> _fields = fields.ToDictionary(pair => pair.Field, pair => pair.Shape, StringComparer.Ordinal);

    public static GraphShape Person { get; } = new("Person", [.. s_personFields.Select(field => (field, (GraphShape?)null))]);

    public static GraphShape People { get; } = new("People", ("items", Person), ("totalCount", null), ("endCursor", null), ("hasNextPage", null));

    public static GraphShape Stats { get; } = new(
        "Stats",
        ("items", new GraphShape("Group", [("group", new GraphShape("GroupKey", ("class", null), ("sex", null), ("embarked", null), ("ageGroup", null), ("survived", null))), .. s_figures])),
        ("all", new GraphShape("Figures", s_figures)));

    /// <exception cref="GraphException">A field is asked for that there is not, or its parts are asked for wrongly.</exception>
    public void Check(string query, IReadOnlyList<GraphField> asked)
    {
        foreach (var field in asked)
        {
            if (field.Arguments.Count > 0)
            {
                throw GraphException.At(query, field.At, $"The field {field.Name} takes no arguments.");
            }

            if (field.Name == TypeName)
            {
                continue;
            }

            if (!_fields.TryGetValue(field.Name, out var shape))
            {
                throw GraphException.At(query, field.At, $"There is no field {field.Name} in {name}. Known are: {string.Join(", ", _fields.Keys)}.");
            }

            if (shape is null != (field.Fields.Count == 0))
            {
                throw GraphException.At(query, field.At, shape is null ? $"The field {field.Name} has no parts." : $"Say which fields of {field.Name} you want, in {{ and }}.");
            }

            shape?.Check(query, field.Fields);
        }
    }

    /// <summary>Writes of a value what was asked for.</summary>
    public void Write(Utf8JsonWriter json, JsonElement value, IReadOnlyList<GraphField> asked)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(json, item, asked);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var field in asked)
                {
                    json.WritePropertyName(field.Alias);
                    WriteField(json, value, field);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private void WriteField(Utf8JsonWriter json, JsonElement value, GraphField field)
    {
        if (field.Name == TypeName)
        {
            json.WriteStringValue(name);
        }
        else if (!value.TryGetProperty(field.Name, out var part))
        {
            json.WriteNullValue();
        }
        else if (_fields[field.Name] is { } shape)
        {
            shape.Write(json, part, field.Fields);
        }
        else
        {
            part.WriteTo(json);
        }
    }
}
