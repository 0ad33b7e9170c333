using System.Text;
using System.Text.Json.Nodes;
using Slipway.Model.Trees;

namespace Slipway.Model.Defaulting;

internal static class CoreDefaults
{
    public const string NamespaceName = "kubernetes.io/metadata.name";

    /// <summary>Clear text is a convenience of writing: it moves into the data and is never returned.</summary>
    public static void ApplyToSecret(JsonObject next)
    {
        if (string.IsNullOrEmpty(next.Text("type")) && next["type"].IsZero())
        {
            next["type"] = "Opaque";
        }

        if (next.Object("stringData") is not { } clear)
        {
            return;
        }

        if (clear.Count > 0 && next.Ensure("data") is { } data)
        {
            foreach (var (key, value) in clear)
            {
                if (value.AsText() is { } text)
                {
                    data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
                }
            }
        }

        next.Remove("stringData");
    }

    public static void ApplyToNamespace(JsonObject next)
    {
        if (next.Object("metadata") is { } metadata
            && metadata.Text("name") is { Length: > 0 } name
            && metadata.Ensure("labels") is { } labels)
        {
            labels[NamespaceName] = name;
        }

        if (next.Ensure("spec") is { } spec && !spec.Has("finalizers"))
        {
            // Clients that ask a namespace to go look for this word to explain why it lingers.
            spec["finalizers"] = new JsonArray("kubernetes");
        }
    }
}
