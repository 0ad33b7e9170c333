using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Schemas;

/// <summary>
/// The part of JSON Schema that events need. Words outside of it are refused when a schema is registered, so that no rule
/// looks as if it held.
/// </summary>
internal sealed class JsonSchema(string type, JsonElement document, DateTimeOffset changedAt)
{
    private const int FindingsMax = 20;

    private static readonly string[] s_rules =
    [
        "type", "properties", "required", "additionalProperties", "items", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "minLength", "maxLength", "pattern", "minItems", "maxItems",
    ];

    private static readonly string[] s_remarks = ["$schema", "$id", "$comment", "title", "description", "default", "examples", "format", "deprecated", "readOnly", "writeOnly"];
    private static readonly string[] s_types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    /// <summary>Patterns without backtracking need time in proportion to the text, so no limit is needed. Made once each; at most 4,096 are kept.</summary>
    private static readonly ConcurrentDictionary<string, Regex> s_patterns = new(StringComparer.Ordinal);
    private const int PatternsMax = 4_096;

    public string Type => type;

    public JsonElement Document => document;

    public DateTimeOffset ChangedAt => changedAt;

    /// <summary>Why the data does not fit; nothing when it does. Fields are JSON pointers.</summary>
    public IReadOnlyList<Finding> Check(ReadOnlyMemory<byte>? data)
    {
        var findings = new List<Finding>();
        try
        {
            using var parsed = JsonDocument.Parse(data ?? "null"u8.ToArray());
            Check(document, parsed.RootElement, "", findings);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // The second is how half a character in an escape shows.
            findings.Add(new Finding("type", "The data is not JSON.", ""));
        }

        return findings;
    }

    /// <summary>What is wrong with a schema itself.</summary>
    public static IReadOnlyList<Finding> Problems(JsonElement schema)
    {
        var findings = new List<Finding>();
        Problems(schema, "", 0, findings);
        return findings;
    }

    /// <summary>The types a schema allows; null allows all.</summary>
    public static HashSet<string>? TypesOf(JsonElement schema) => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var named)
        ? named.ValueKind == JsonValueKind.Array ? [.. named.EnumerateArray().Select(item => item.GetString() ?? "")] : [named.GetString() ?? ""]
        : null;

    private static void Problems(JsonElement schema, string path, int depth, List<Finding> findings)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False && depth > 0)
        {
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object || depth > 32)
        {
            findings.Add(new Finding("schema", depth > 32 ? "Schemas may be nested 32 deep." : "A schema is an object.", path));
            return;
        }

        foreach (var member in schema.EnumerateObject())
        {
            var at = $"{path}/{Pointer(member.Name)}";
            var value = member.Value;
            var right = member.Name switch
            {
                "type" => value.ValueKind switch
                {
                    JsonValueKind.String => s_types.Contains(value.GetString()),
                    JsonValueKind.Array => value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && s_types.Contains(item.GetString())),
                    _ => false,
                },
                "properties" => value.ValueKind == JsonValueKind.Object,
                "required" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String),
                "additionalProperties" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "enum" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0,
                "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" => value.ValueKind == JsonValueKind.Number,
                "minLength" or "maxLength" or "minItems" or "maxItems" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0,
                "pattern" => value.ValueKind == JsonValueKind.String && IsPattern(value.GetString()!),
                _ => true,
            };
            if (!right)
            {
                findings.Add(new Finding("schema", $"{member.Name} has a value that it cannot have.", at));
            }
            else if (!s_rules.Contains(member.Name) && !s_remarks.Contains(member.Name))
            {
                findings.Add(new Finding("schema", $"{member.Name} is not supported. Supported are {string.Join(", ", s_rules)}.", at));
            }
            else if (member.Name == "properties")
            {
                foreach (var property in value.EnumerateObject())
                {
                    Problems(property.Value, $"{at}/{Pointer(property.Name)}", depth + 1, findings);
                }
            }
            else if (member.Name == "items")
            {
                Problems(value, at, depth + 1, findings);
            }
        }
    }

    private static void Check(JsonElement schema, JsonElement value, string path, List<Finding> findings)
    {
        if (findings.Count >= FindingsMax || schema.ValueKind != JsonValueKind.Object)
        {
            if (schema.ValueKind == JsonValueKind.False)
            {
                findings.Add(new Finding("forbidden", "Nothing may stand here.", path));
            }

            return;
        }

        if (TypesOf(schema) is { } types && !types.Any(allowed => Is(allowed, value)))
        {
            findings.Add(new Finding("type", $"Must be {string.Join(" or ", types)}.", path));
            return;
        }

        if (schema.TryGetProperty("enum", out var choices) && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
        {
            findings.Add(new Finding("enum", $"Must be one of {choices.GetRawText()}.", path));
        }

        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(only, value))
        {
            findings.Add(new Finding("const", $"Must be {only.GetRawText()}.", path));
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(schema, value, path, findings);
                break;
            case JsonValueKind.Array:
                CheckList(schema, value, path, findings);
                break;
            case JsonValueKind.String:
                CheckText(schema, value.GetString()!, path, findings);
                break;
            case JsonValueKind.Number:
                CheckNumber(schema, value.GetDouble(), path, findings);
                break;
        }
    }

    private static void CheckObject(JsonElement schema, JsonElement value, string path, List<Finding> findings)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(item => item.GetString()!).Where(name => !value.TryGetProperty(name, out _)))
            {
                findings.Add(new Finding("required", "Is missing.", $"{path}/{Pointer(name)}"));
            }
        }

        var known = schema.TryGetProperty("properties", out var properties);
        var closed = schema.TryGetProperty("additionalProperties", out var additional) && additional.ValueKind == JsonValueKind.False;
        foreach (var member in value.EnumerateObject())
        {
            if (known && properties.TryGetProperty(member.Name, out var nested))
            {
                Check(nested, member.Value, $"{path}/{Pointer(member.Name)}", findings);
            }
            else if (closed && findings.Count < FindingsMax)
            {
                findings.Add(new Finding("unknown", "Is not part of the schema.", $"{path}/{Pointer(member.Name)}"));
            }
        }
    }

    private static void CheckList(JsonElement schema, JsonElement value, string path, List<Finding> findings)
    {
        Bounds(schema, "minItems", "maxItems", value.GetArrayLength(), "items", path, findings);
        if (!schema.TryGetProperty("items", out var items))
        {
            return;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            Check(items, item, string.Create(CultureInfo.InvariantCulture, $"{path}/{index++}"), findings);
        }
    }

    private static void CheckText(JsonElement schema, string text, string path, List<Finding> findings)
    {
        Bounds(schema, "minLength", "maxLength", new StringInfo(text).LengthInTextElements, "characters", path, findings);
        if (schema.TryGetProperty("pattern", out var pattern) && !Pattern(pattern.GetString()!).IsMatch(text))
        {
            findings.Add(new Finding("pattern", $"Must match {pattern.GetString()}.", path));
        }
    }

    private static void CheckNumber(JsonElement schema, double number, string path, List<Finding> findings)
    {
        foreach (var (rule, right) in new (string, Func<double, bool>)[]
        {
            ("minimum", bound => number >= bound), ("maximum", bound => number <= bound),
            ("exclusiveMinimum", bound => number > bound), ("exclusiveMaximum", bound => number < bound),
        })
        {
            if (schema.TryGetProperty(rule, out var bound) && !right(bound.GetDouble()))
            {
                findings.Add(new Finding(rule, $"Breaks {rule} {bound.GetRawText()}.", path));
            }
        }
    }

    private static void Bounds(JsonElement schema, string low, string high, int length, string what, string path, List<Finding> findings)
    {
        if (schema.TryGetProperty(low, out var least) && length < least.GetInt32())
        {
            findings.Add(new Finding(low, $"Must have at least {least.GetRawText()} {what}.", path));
        }

        if (schema.TryGetProperty(high, out var most) && length > most.GetInt32())
        {
            findings.Add(new Finding(high, $"Must have at most {most.GetRawText()} {what}.", path));
        }
    }

    private static bool Is(string allowed, JsonElement value) => (allowed, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("null", JsonValueKind.Null) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => value.TryGetDecimal(out var number) && number == decimal.Truncate(number),
        _ => false,
    };

    private static Regex Pattern(string text)
    {
        if (s_patterns.Count > PatternsMax)
        {
            s_patterns.Clear();
        }

        return s_patterns.GetOrAdd(text, pattern => new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            Pattern(pattern);
            return true;
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    internal static string Pointer(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
