using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Resources;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>Secret and ConfigMap.</summary>
internal static class CoreRules
{
    public const int DataBytesMax = 1024 * 1024;

    private static readonly string[] s_maps = ["data", "binaryData"];

    public static void CheckData(ResourceKind kind, JsonObject next, JsonObject? current, FindingList findings)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var map in s_maps)
        {
            foreach (var (key, value) in next.TextEntries(map))
            {
                var path = FieldPath.Key(map, key);
                foreach (var problem in Names.ConfigKeyProblems(key))
                {
                    findings.Invalid(key, path, problem);
                }

                if (!keys.Add(key))
                {
                    findings.Invalid(key, path, "the key stands in data and in binaryData");
                }

                bytes += kind == Kinds.Secret || map == "binaryData"
                    ? value.Length / 4 * 3
                    : System.Text.Encoding.UTF8.GetByteCount(value);
            }
        }

        if (bytes > DataBytesMax)
        {
            findings.Invalid($"{bytes} bytes", "data", $"Too long: may not be more than {DataBytesMax} bytes");
        }

        if (current is not null)
        {
            Unchanged(kind, next, current, findings);
        }
    }

    private static void Unchanged(ResourceKind kind, JsonObject next, JsonObject current, FindingList findings)
    {
        if (kind == Kinds.Secret && current.Text("type") is { } type && next.Text("type") != type)
        {
            findings.Immutable("type", $"it is \"{type}\"");
        }

        if (current.Flag("immutable") != true)
        {
            return;
        }

        if (next.Flag("immutable") != true)
        {
            findings.Forbidden("immutable", "field is immutable when `immutable` is set");
        }

        foreach (var map in s_maps)
        {
            if (!SameMap(current.Object(map), next.Object(map)))
            {
                findings.Forbidden(map, "field is immutable when `immutable` is set");
            }
        }
    }

    // An absent map and an empty one say the same.
    private static bool SameMap(JsonObject? left, JsonObject? right) =>
        ((left?.Count ?? 0) == 0 && (right?.Count ?? 0) == 0) || JsonTree.Same(left, right);
}
