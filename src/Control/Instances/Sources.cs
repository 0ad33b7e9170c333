using System.Text;
using System.Text.Json;
using Slipway.Model;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Instances;

/// <summary>
/// The Secrets and ConfigMaps of one namespace, as instances read them. Remembers every one that was asked for and is
/// missing, so that all of them can be told at once.
/// </summary>
internal sealed class Sources(IResourceStore store, string @namespace)
{
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Missing => _missing;

    public void Lacks(string what) => _missing.Add(what);

    /// <summary>All keys with their bytes; null when the object does not exist.</summary>
    public IReadOnlyDictionary<string, byte[]>? All(ResourceKind kind, string name, bool optional)
    {
        var source = store.Get(new ResourceKey(kind, @namespace, name));
        if (source is null)
        {
            if (!optional)
            {
                Lacks($"{kind.Kind} \"{name}\"");
            }

            return null;
        }

        var all = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var encoded = source.Read(kind == Kinds.Secret ? "data" : "binaryData", KindsJson.Default.DictionaryStringString);
        foreach (var (key, value) in encoded ?? [])
        {
            all[key] = Decode(value);
        }

        if (kind == Kinds.ConfigMap)
        {
            foreach (var (key, value) in source.Read("data", KindsJson.Default.DictionaryStringString) ?? [])
            {
                all[key] = Encoding.UTF8.GetBytes(value);
            }
        }

        return all;
    }

    /// <summary>The value behind one key, or null when it or its object is missing.</summary>
    public string? Value(ResourceKind kind, string name, string key, bool optional)
    {
        if (All(kind, name, optional) is not { } all)
        {
            return null;
        }

        if (all.TryGetValue(key, out var exact))
        {
            return Encoding.UTF8.GetString(exact);
        }

        // Cloud Run names a version here, "latest" or a number; a secret with a single value has only that one to give.
        if (kind == Kinds.Secret && all.Count == 1 && (key == "latest" || key.All(char.IsAsciiDigit)))
        {
            return Encoding.UTF8.GetString(all.Values.Single());
        }

        if (!optional)
        {
            Lacks($"key \"{key}\" of {kind.Kind} \"{name}\"");
        }

        return null;
    }

    private static byte[] Decode(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            // The API accepts no such value; one that came into the store another way reads as what it is.
            return Encoding.UTF8.GetBytes(base64);
        }
    }
}
