using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Api.Patching;

/// <summary>RFC 6901 paths as JSON Patch uses them. A path that leads nowhere is a <see cref="PatchException"/>.</summary>
internal static class JsonPointer
{
    public static string[] Parse(string pointer)
    {
        if (pointer.Length == 0)
        {
            return [];
        }

        return pointer[0] == '/'
            ? [.. pointer[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : throw new PatchException($"path \"{pointer}\" does not begin with /");
    }

    public static JsonNode? Find(JsonNode? root, string pointer)
    {
        var here = root;
        foreach (var part in Parse(pointer))
        {
            here = Step(here, part, pointer);
        }

        return here;
    }

    /// <summary>The container that holds the last part of the path, and that part.</summary>
    public static (JsonNode Parent, string Last) FindParent(JsonNode root, string pointer)
    {
        var parts = Parse(pointer);
        if (parts.Length == 0)
        {
            throw new PatchException("the whole object cannot be changed by one operation");
        }

        JsonNode? here = root;
        foreach (var part in parts.AsSpan(0, parts.Length - 1))
        {
            here = Step(here, part, pointer);
        }

        return here is JsonObject or JsonArray
            ? (here, parts[^1])
            : throw new PatchException($"path \"{pointer}\" does not exist");
    }

    public static int Index(JsonArray list, string part, string pointer, bool mayAppend)
    {
        if (mayAppend && part == "-")
        {
            return list.Count;
        }

        var limit = mayAppend ? list.Count : list.Count - 1;
        return int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index <= limit && (part == "0" || part[0] != '0')
                ? index
                : throw new PatchException($"path \"{pointer}\": \"{part}\" is not an index of the list, which has {list.Count} items");
    }

    private static JsonNode? Step(JsonNode? here, string part, string pointer) => here switch
    {
        JsonObject fields when fields.TryGetPropertyValue(part, out var value) => value,
        JsonArray list => list[Index(list, part, pointer, mayAppend: false)],
        _ => throw new PatchException($"path \"{pointer}\" does not exist"),
    };
}

/// <summary>A patch that cannot be applied; it never leaves this folder.</summary>
internal sealed class PatchException : Exception
{
    public PatchException()
    {
    }

    public PatchException(string message)
        : base(message)
    {
    }

    public PatchException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
