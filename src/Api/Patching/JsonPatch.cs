using System.Text.Json.Nodes;

namespace Slipway.Api.Patching;

/// <summary>RFC 6902. Operations apply in order; the first that fails makes the whole patch fail.</summary>
internal static class JsonPatch
{
    private const int OperationsMax = 10_000;

    /// <summary>Copies can double an object with every operation; together they may add this many characters.</summary>
    private const int CopiedMax = 2 * 1024 * 1024;

    /// <summary>Changes <paramref name="target"/>. Fails with <see cref="PatchException"/>.</summary>
    public static void Apply(JsonObject target, JsonArray patch)
    {
        if (patch.Count > OperationsMax)
        {
            throw new PatchException($"a patch may have at most {OperationsMax} operations, this one has {patch.Count}");
        }

        var copied = 0;
        foreach (var item in patch)
        {
            if (item is not JsonObject operation)
            {
                throw new PatchException("every operation must be an object");
            }

            var path = Text(operation, "path");
            switch (Text(operation, "op"))
            {
                case "add":
                    Add(target, path, Value(operation));
                    break;
                case "remove":
                    Remove(target, path);
                    break;
                case "replace":
                    Replace(target, path, Value(operation));
                    break;
                case "move":
                    Move(target, Text(operation, "from"), path);
                    break;
                case "copy":
                    var copy = JsonPointer.Find(target, Text(operation, "from"))?.DeepClone();
                    copied += copy?.ToJsonString().Length ?? 4;
                    if (copied > CopiedMax)
                    {
                        throw new PatchException($"the copies of this patch exceed {CopiedMax} characters");
                    }

                    Add(target, path, copy);
                    break;
                case "test":
                    if (!JsonNode.DeepEquals(FindOrNull(target, path), Value(operation)))
                    {
                        throw new PatchException($"testing value {path} failed");
                    }

                    break;
                case var unknown:
                    throw new PatchException($"unknown operation \"{unknown}\"");
            }
        }
    }

    private static void Add(JsonObject target, string path, JsonNode? value)
    {
        var (parent, last) = JsonPointer.FindParent(target, path);
        if (parent is JsonArray list)
        {
            list.Insert(JsonPointer.Index(list, last, path, mayAppend: true), value);
        }
        else
        {
            ((JsonObject)parent)[last] = value;
        }
    }

    private static void Remove(JsonObject target, string path)
    {
        var (parent, last) = JsonPointer.FindParent(target, path);
        if (parent is JsonArray list)
        {
            list.RemoveAt(JsonPointer.Index(list, last, path, mayAppend: false));
        }
        else if (!((JsonObject)parent).Remove(last))
        {
            throw new PatchException($"path \"{path}\" does not exist");
        }
    }

    private static void Replace(JsonObject target, string path, JsonNode? value)
    {
        var (parent, last) = JsonPointer.FindParent(target, path);
        if (parent is JsonArray list)
        {
            list[JsonPointer.Index(list, last, path, mayAppend: false)] = value;
        }
        else if (((JsonObject)parent).ContainsKey(last))
        {
            ((JsonObject)parent)[last] = value;
        }
        else
        {
            throw new PatchException($"path \"{path}\" does not exist");
        }
    }

    private static void Move(JsonObject target, string from, string path)
    {
        if (path.StartsWith(from + "/", StringComparison.Ordinal))
        {
            throw new PatchException($"\"{from}\" cannot be moved into itself");
        }

        var value = JsonPointer.Find(target, from)?.DeepClone();
        Remove(target, from);
        Add(target, path, value);
    }

    /// <summary>A test for null holds for an absent field too; clients guard a first write with it.</summary>
    private static JsonNode? FindOrNull(JsonObject target, string path)
    {
        var (parent, last) = JsonPointer.FindParent(target, path);
        return parent is JsonObject fields && !fields.ContainsKey(last) ? null : JsonPointer.Find(target, path);
    }

    private static JsonNode? Value(JsonObject operation) => operation.TryGetPropertyValue("value", out var value)
        ? value?.DeepClone()
        : throw new PatchException("the operation needs a value");

    private static string Text(JsonObject operation, string field) =>
        operation[field] is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw new PatchException($"the operation needs \"{field}\" as text");
}
