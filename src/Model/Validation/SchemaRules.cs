using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Resources;
using Slipway.Model.Schema;
using Slipway.Model.Trees;

namespace Slipway.Model.Validation;

/// <summary>What the schema alone can tell: required, switched-off and enumerated fields.</summary>
internal static class SchemaRules
{
    public static void Check(ResourceKind kind, JsonObject manifest, FindingList findings)
    {
        foreach (var field in Schemas.For(kind).Fields)
        {
            // A status is written by the server, which needs no advice.
            if (field.Name != "status")
            {
                Check(field, manifest, "", findings);
            }
        }
    }

    private static void Check(Field field, JsonObject parent, string parentPath, FindingList findings)
    {
        var path = FieldPath.Member(parentPath, field.Name);
        parent.TryGetPropertyValue(field.Name, out var value);
        if (value is null || (field.Required && value is JsonArray { Count: 0 }) || (field.Required && value.AsText() == ""))
        {
            if (field.Required)
            {
                findings.Missing(path);
            }

            return;
        }

        if (field.Gated)
        {
            if (!value.IsZero())
            {
                findings.Forbidden(path);
            }

            return;
        }

        Check(field.Shape, value, path, findings);
    }

    private static void Check(Shape shape, JsonNode? value, string path, FindingList findings)
    {
        switch (shape.Type, value)
        {
            case (ShapeType.Object, JsonObject fields):
                foreach (var field in shape.Fields)
                {
                    Check(field, fields, path, findings);
                }

                return;
            case (ShapeType.List, JsonArray items):
                for (var index = 0; index < items.Count; index++)
                {
                    Check(shape.Items!, items[index], FieldPath.Index(path, index), findings);
                }

                return;
            case (ShapeType.Text, JsonValue) when shape.Choices.Count > 0 && value.AsText() is { Length: > 0 } text
                && !shape.Choices.Contains(text):
                findings.NotSupported(text, path, shape.Choices);
                return;
            default:
                return;
        }
    }
}
