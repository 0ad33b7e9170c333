using System.Text.Json;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Schemas;

/// <summary>
/// Whether readers of an old schema can read what a new one allows, and the other way round: members may be added, but
/// none may become required, go away, or allow less or something else. Pure.
/// </summary>
internal static class SchemaEvolution
{
    public static IReadOnlyList<Finding> Breaks(JsonElement before, JsonElement after)
    {
        var findings = new List<Finding>();
        Compare(before, after, "", findings);
        return findings;
    }

    private static void Compare(JsonElement before, JsonElement after, string path, List<Finding> findings)
    {
        if (before.ValueKind != JsonValueKind.Object || after.ValueKind != JsonValueKind.Object)
        {
            if (before.ValueKind != after.ValueKind)
            {
                findings.Add(new Finding("narrowed", "The schema allows something else now.", path));
            }

            return;
        }

        Types(before, after, path, findings);
        Choices(before, after, path, findings);
        Required(before, after, path, findings);
        Properties(before, after, path, findings);
        Bounds(before, after, path, findings);
        if (before.TryGetProperty("items", out var items))
        {
            if (after.TryGetProperty("items", out var next))
            {
                Compare(items, next, $"{path}/items", findings);
            }
        }
        else if (after.TryGetProperty("items", out _))
        {
            findings.Add(new Finding("narrowed", "Items were free and are not any more.", $"{path}/items"));
        }
    }

    private static void Types(JsonElement before, JsonElement after, string path, List<Finding> findings)
    {
        if (JsonSchema.TypesOf(after) is not { } next)
        {
            return;
        }

        var former = JsonSchema.TypesOf(before);
        if (former is null || former.Any(type => !next.Contains(type) && !(type == "integer" && next.Contains("number"))))
        {
            findings.Add(new Finding("narrowed", $"type was {(former is null ? "anything" : string.Join(" or ", former))} and is {string.Join(" or ", next)}.", $"{path}/type"));
        }
    }

    private static void Choices(JsonElement before, JsonElement after, string path, List<Finding> findings)
    {
        if (!after.TryGetProperty("enum", out var next))
        {
            return;
        }

        if (!before.TryGetProperty("enum", out var former))
        {
            findings.Add(new Finding("narrowed", "Any value was allowed and now only some are.", $"{path}/enum"));
            return;
        }

        foreach (var gone in former.EnumerateArray().Where(choice => !next.EnumerateArray().Any(other => JsonElement.DeepEquals(choice, other))))
        {
            findings.Add(new Finding("narrowed", $"{gone.GetRawText()} is not allowed any more.", $"{path}/enum"));
        }
    }

    private static void Required(JsonElement before, JsonElement after, string path, List<Finding> findings)
    {
        var former = Names(before, "required");
        var next = Names(after, "required");
        foreach (var name in next.Except(former))
        {
            findings.Add(new Finding("newlyRequired", $"{name} was not required before; old events lack it.", $"{path}/required"));
        }

        foreach (var name in former.Except(next))
        {
            findings.Add(new Finding("noLongerRequired", $"{name} was always there; readers count on it.", $"{path}/required"));
        }
    }

    private static void Properties(JsonElement before, JsonElement after, string path, List<Finding> findings)
    {
        if (before.TryGetProperty("properties", out var former))
        {
            foreach (var member in former.EnumerateObject())
            {
                var at = $"{path}/properties/{JsonSchema.Pointer(member.Name)}";
                if (after.TryGetProperty("properties", out var next) && next.TryGetProperty(member.Name, out var same))
                {
                    Compare(member.Value, same, at, findings);
                }
                else
                {
                    findings.Add(new Finding("removed", $"{member.Name} is gone; readers count on it.", at));
                }
            }
        }

        if (IsClosed(after) && !IsClosed(before))
        {
            findings.Add(new Finding("narrowed", "Further members were allowed and are not any more.", $"{path}/additionalProperties"));
        }
    }

    private static void Bounds(JsonElement before, JsonElement after, string path, List<Finding> findings)
    {
        foreach (var (rule, lower) in new[]
        {
            ("minimum", true), ("exclusiveMinimum", true), ("minLength", true), ("minItems", true),
            ("maximum", false), ("exclusiveMaximum", false), ("maxLength", false), ("maxItems", false),
        })
        {
            if (!after.TryGetProperty(rule, out var next))
            {
                continue;
            }

            if (!before.TryGetProperty(rule, out var former) || (lower ? next.GetDouble() > former.GetDouble() : next.GetDouble() < former.GetDouble()))
            {
                findings.Add(new Finding("narrowed", $"{rule} allows less than before.", $"{path}/{rule}"));
            }
        }

        foreach (var rule in new[] { "pattern", "const" })
        {
            if (after.TryGetProperty(rule, out var next) && (!before.TryGetProperty(rule, out var former) || !JsonElement.DeepEquals(next, former)))
            {
                findings.Add(new Finding("narrowed", $"{rule} is another one.", $"{path}/{rule}"));
            }
        }
    }

    private static bool IsClosed(JsonElement schema) => schema.TryGetProperty("additionalProperties", out var additional) && additional.ValueKind == JsonValueKind.False;

    private static HashSet<string> Names(JsonElement schema, string list) =>
        schema.TryGetProperty(list, out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];
}
