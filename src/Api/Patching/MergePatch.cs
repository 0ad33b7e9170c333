using System.Text.Json.Nodes;

namespace Slipway.Api.Patching;

/// <summary>RFC 7396: objects merge, null removes, everything else replaces.</summary>
internal static class MergePatch
{
    /// <summary>Changes and returns <paramref name="target"/>.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject fields:
                    var under = target[name] as JsonObject;
                    if (under is null)
                    {
                        under = [];
                        target[name] = under;
                    }

                    Apply(under, fields);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }

        return target;
    }
}
