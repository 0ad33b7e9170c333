using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Api.Patching.Apply;

/// <summary>Sets of field paths in the nested form they have on the wire.</summary>
internal static class FieldsV1
{
    private const string Itself = ".";
    private const int DepthMax = 64;

    public static JsonSerializerOptions Relaxed { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = Model.ModelJson.Default,
    };

    public static JsonObject Write(IEnumerable<string> paths)
    {
        var root = new JsonObject();
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var here = root;
            foreach (var part in path.Split(FieldPaths.Separator))
            {
                if (here[part] is not JsonObject next)
                {
                    next = [];
                    here[part] = next;
                }

                here = next;
            }

            // A bare {} means "this leaf"; once something is below it, the dot says that the node itself is meant too.
            here[Itself] = new JsonObject();
        }

        Simplify(root);
        return root;
    }

    public static HashSet<string> Read(JsonElement fields)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        if (fields.ValueKind == JsonValueKind.Object)
        {
            Read(fields, "", 0, paths);
        }

        return paths;
    }

    private static void Simplify(JsonObject node)
    {
        foreach (var (name, child) in node)
        {
            if (name == Itself || child is not JsonObject fields)
            {
                continue;
            }

            if (fields.Count == 1 && fields.ContainsKey(Itself))
            {
                fields.Remove(Itself);
            }
            else
            {
                Simplify(fields);
            }
        }
    }

    private static void Read(JsonElement node, string path, int depth, HashSet<string> paths)
    {
        if (depth > DepthMax)
        {
            return;
        }

        var any = false;
        foreach (var property in node.EnumerateObject())
        {
            any = true;
            if (property.Name == Itself)
            {
                paths.Add(path);
            }
            else if (property.Value.ValueKind == JsonValueKind.Object)
            {
                Read(property.Value, path.Length == 0 ? property.Name : $"{path}{FieldPaths.Separator}{property.Name}", depth + 1, paths);
            }
        }

        if (!any && path.Length > 0)
        {
            paths.Add(path);
        }
    }
}
