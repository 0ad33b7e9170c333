using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Requests;

/// <summary>Compares a document with the type it should have been, and lists every difference.</summary>
internal static class BodyMistakes
{
    private const int Kept = 100;

    public static IReadOnlyList<Finding> Find(JsonElement root, JsonTypeInfo type)
    {
        var findings = new List<Finding>();
        Compare(root, type, "", findings);
        if (findings.Count == 0)
        {
            findings.Add(new Finding("invalid", "The body does not fit what this call reads.") { Pointer = "" });
        }

        return findings;
    }

    private static void Compare(JsonElement element, JsonTypeInfo type, string pointer, List<Finding> findings)
    {
        if (findings.Count >= Kept)
        {
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                CompareMembers(element, type, pointer, findings);
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array && type.ElementType is { } item:
                var index = 0;
                foreach (var child in element.EnumerateArray())
                {
                    Compare(child, type.Options.GetTypeInfo(item), $"{pointer}/{index++}", findings);
                }

                break;
            case JsonTypeInfoKind.Dictionary when element.ValueKind == JsonValueKind.Object && type.ElementType is { } value:
                foreach (var member in element.EnumerateObject())
                {
                    Compare(member.Value, type.Options.GetTypeInfo(value), $"{pointer}/{Escape(member.Name)}", findings);
                }

                break;
            case JsonTypeInfoKind.None:
                CompareValue(element, type, pointer, findings);
                break;
            case JsonTypeInfoKind.Object or JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary
                when element.ValueKind == JsonValueKind.Null && pointer.Length > 0:
                break;
            default:
                findings.Add(Mistyped(pointer, type));
                break;
        }
    }

    private static void CompareMembers(JsonElement element, JsonTypeInfo type, string pointer, List<Finding> findings)
    {
        foreach (var member in element.EnumerateObject())
        {
            var at = $"{pointer}/{Escape(member.Name)}";
            if (PropertyOf(type, member.Name) is not { } property)
            {
                findings.Add(new Finding("unknownField", $"There is no field {Shown(member.Name)} here.")
                {
                    Pointer = at,
                    Args = new JsonObject { ["known"] = new JsonArray([.. type.Properties.Where(IsReadable).Select(known => (JsonNode)known.Name)]) },
                });
            }
            else if (member.Value.ValueKind == JsonValueKind.Null && !property.IsSetNullable)
            {
                findings.Add(new Finding("required", $"{Shown(member.Name)} must not be null.") { Pointer = at });
            }
            else
            {
                Compare(member.Value, type.Options.GetTypeInfo(property.PropertyType), at, findings);
            }
        }

        foreach (var property in type.Properties)
        {
            if (property.IsRequired && !element.EnumerateObject().Any(member => PropertyOf(type, member.Name) == property))
            {
                findings.Add(new Finding("required", $"{property.Name} is required.") { Pointer = $"{pointer}/{Escape(property.Name)}" });
            }
        }
    }

    private static void CompareValue(JsonElement element, JsonTypeInfo type, string pointer, List<Finding> findings)
    {
        try
        {
            JsonSerializer.Deserialize(element, type);
        }
        catch (JsonException)
        {
            findings.Add(Mistyped(pointer, type));
        }
    }

    private static JsonPropertyInfo? PropertyOf(JsonTypeInfo type, string name)
    {
        var comparison = type.Options.PropertyNameCaseInsensitive ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return type.Properties.FirstOrDefault(property => IsReadable(property) && property.Name.Equals(name, comparison));
    }

    /// <summary>Members that are only computed for answers are no part of a request.</summary>
    private static bool IsReadable(JsonPropertyInfo property) => property.Set is not null || property.AssociatedParameter is not null || property.IsRequired;

    private static Finding Mistyped(string pointer, JsonTypeInfo type)
    {
        var name = pointer.Length == 0 ? "The body" : Shown(pointer[(pointer.LastIndexOf('/') + 1)..]);
        return new Finding("mistyped", $"{name} must be {Expected(type)}.") { Pointer = pointer };
    }

    private static string Expected(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type.IsEnum)
        {
            var naming = info.Options.PropertyNamingPolicy ?? JsonNamingPolicy.CamelCase;
            return "one of " + string.Join(", ", Enum.GetNames(type).Select(naming.ConvertName));
        }

        return info.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
            JsonTypeInfoKind.Enumerable => "a list",
            _ when type == typeof(string) => "a text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) || type == typeof(long) || type == typeof(short) => "a whole number",
            _ when type == typeof(decimal) || type == typeof(double) || type == typeof(float) => "a number",
            _ when type == typeof(Guid) => "an id (a UUID)",
            _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) => "an instant such as 2026-01-15T09:30:00Z",
            _ when type == typeof(DateOnly) => "a date such as 2026-01-15",
            _ => "another kind of value",
        };
    }

    private static string Escape(string name) => Shown(name).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Shown(string name) => name.Length > 80 ? name[..80] : name;
}
