using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Model.Resources;
using Slipway.Model.Schema;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Decoding;

/// <summary>
/// Compares manifests with the schema of their kind. <see cref="Check"/> only looks; <see cref="Prune"/> brings a
/// manifest into the form that is stored.
/// </summary>
public static class StrictDecoder
{
    /// <summary>All unknown and ill-typed fields, in the order in which they stand in the manifest.</summary>
    public static IReadOnlyList<FieldProblem> Check(ResourceKind kind, JsonObject manifest)
    {
        var problems = new List<FieldProblem>();
        Check(Schemas.For(kind), manifest, "", problems);
        return problems;
    }

    /// <summary>
    /// Changes the manifest in place: unknown fields, nulls and empty values of switched-off fields go, whole numbers
    /// written as text become numbers, and quantities become text. Ill-typed values stay for <see cref="Check"/> to name.
    /// </summary>
    public static void Prune(ResourceKind kind, JsonObject manifest) => Prune(Schemas.For(kind), manifest);

    private static void Check(Shape shape, JsonNode? value, string path, List<FieldProblem> problems)
    {
        switch (shape.Type)
        {
            case ShapeType.Any:
                return;
            case ShapeType.Object when value is JsonObject fields:
                foreach (var (name, child) in fields)
                {
                    var childPath = FieldPath.Member(path, name);
                    if (shape.Find(name) is not { } field)
                    {
                        problems.Add(FieldProblem.Unknown(childPath));
                    }
                    else if (child is not null && !(field.Gated && child.IsZero()))
                    {
                        Check(field.Shape, child, childPath, problems);
                    }
                }

                return;
            case ShapeType.Map when value is JsonObject entries:
                foreach (var (key, child) in entries)
                {
                    if (child is not null)
                    {
                        Check(shape.Items!, child, FieldPath.Key(path, key), problems);
                    }
                }

                return;
            case ShapeType.List when value is JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    Check(shape.Items!, items[index], FieldPath.Index(path, index), problems);
                }

                return;
            default:
                if (!Fits(shape, value))
                {
                    problems.Add(FieldProblem.IllTyped(path, Expected(shape), Found(value)));
                }

                return;
        }
    }

    private static bool Fits(Shape shape, JsonNode? value)
    {
        if (value is not JsonValue scalar)
        {
            return false;
        }

        var found = scalar.GetValueKind();
        return shape.Type switch
        {
            ShapeType.Text when shape.Format == "date-time" =>
                found == JsonValueKind.String && scalar.GetValue<string>() is var text
                && (text.Length == 0 || Instant.IsRfc3339(text)),
            ShapeType.Text when shape.Format == "byte" =>
                found == JsonValueKind.String && System.Buffers.Text.Base64.IsValid(scalar.GetValue<string>()),
            ShapeType.Text => found == JsonValueKind.String,
            ShapeType.Boolean => found is JsonValueKind.True or JsonValueKind.False,
            ShapeType.Number => found == JsonValueKind.Number,
            ShapeType.Integer => scalar.AsWhole() is { } whole
                && (shape.Format != "int32" || whole is >= int.MinValue and <= int.MaxValue),
            ShapeType.Quantity => found is JsonValueKind.String or JsonValueKind.Number && Quantity.TryParse(scalar.Shown(), out _),
            ShapeType.IntOrString => found == JsonValueKind.String || scalar.AsWhole() is >= int.MinValue and <= int.MaxValue,
            _ => false,
        };
    }

    private static string Expected(Shape shape) => shape.Type switch
    {
        ShapeType.Object or ShapeType.Map => "an object",
        ShapeType.List => "a list",
        ShapeType.Text when shape.Format == "date-time" => "an RFC 3339 time such as 2026-01-31T12:00:00Z",
        ShapeType.Text when shape.Format == "byte" => "base64 text",
        ShapeType.Text => "a string",
        ShapeType.Integer when shape.Format == "int32" => "a 32-bit integer",
        ShapeType.Integer => "a 64-bit integer",
        ShapeType.Number => "a number",
        ShapeType.Boolean => "true or false",
        ShapeType.Quantity => "a quantity such as 500m, 256Mi or 2",
        ShapeType.IntOrString => "a port number or a port name",
        _ => "any value",
    };

    private static string Found(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the string \"{Shortened(value.GetValue<string>())}\"",
        _ => Shortened(value.ToJsonString()),
    };

    // A wrong value may be a whole file; a message is not the place to repeat it.
    private static string Shortened(string text) => text.Length <= 64 ? text : string.Concat(text.AsSpan(0, 61), "...");

    private static void Prune(Shape shape, JsonNode? value)
    {
        switch (shape.Type)
        {
            case ShapeType.Object when value is JsonObject fields:
                foreach (var (name, child) in fields.ToList())
                {
                    if (child is null || shape.Find(name) is not { } field || (field.Gated && child.IsZero()))
                    {
                        fields.Remove(name);
                    }
                    else if (Settled(field.Shape, child) is { } settled)
                    {
                        fields[name] = settled;
                    }
                    else
                    {
                        Prune(field.Shape, child);
                    }
                }

                return;
            case ShapeType.Map when value is JsonObject entries:
                foreach (var (key, child) in entries.ToList())
                {
                    if (child is null)
                    {
                        entries.Remove(key);
                    }
                    else if (Settled(shape.Items!, child) is { } settled)
                    {
                        entries[key] = settled;
                    }
                }

                return;
            case ShapeType.List when value is JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    if (Settled(shape.Items!, items[index]) is { } settled)
                    {
                        items[index] = settled;
                    }
                    else
                    {
                        Prune(shape.Items!, items[index]);
                    }
                }

                return;
            default:
                return;
        }
    }

    /// <summary>The scalar in the form that is stored, or null when it already has it.</summary>
    private static JsonValue? Settled(Shape shape, JsonNode? value)
    {
        if (value is not JsonValue scalar)
        {
            return null;
        }

        var found = scalar.GetValueKind();
        return shape.Type switch
        {
            ShapeType.Integer when scalar.AsWhole() is { } whole && scalar.ToJsonString() != whole.ToString() => JsonValue.Create(whole),
            ShapeType.Quantity when found == JsonValueKind.Number => JsonValue.Create(scalar.ToJsonString()),

            // Old clients read probe ports as numbers only.
            ShapeType.IntOrString when scalar.AsWhole() is { } port && scalar.ToJsonString() != port.ToString() => JsonValue.Create(port),
            _ => null,
        };
    }
}
