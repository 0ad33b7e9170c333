using System.Text;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Control.Instances;

/// <summary>The variables of one container, in the order the contract names: envFrom, env, then what the platform adds.</summary>
internal static class EnvironmentVariables
{
    public static List<KeyValuePair<string, string>> Resolve(
        Container container, Sources sources, IReadOnlyList<KeyValuePair<string, string>> platform)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var ordered = new List<KeyValuePair<string, string>>();
        foreach (var source in container.EnvFrom ?? [])
        {
            foreach (var (name, value) in Whole(source, sources))
            {
                Add(ordered, known, (source.Prefix ?? "") + name, LiteralText.Escape(value));
            }
        }

        foreach (var variable in container.Env ?? [])
        {
            if (variable.ValueFrom is not { } from)
            {
                Add(ordered, known, variable.Name, variable.Value ?? "");
            }
            else if (Single(from, sources) is { } value)
            {
                Add(ordered, known, variable.Name, LiteralText.Escape(value));
            }
        }

        foreach (var (name, value) in platform)
        {
            Add(ordered, known, name, LiteralText.Escape(value));
        }

        return ordered;
    }

    private static IEnumerable<KeyValuePair<string, string>> Whole(EnvironmentSource source, Sources sources)
    {
        var values = source switch
        {
            { SecretRef: { } secret } => sources.All(Kinds.Secret, secret.Name, secret.Optional == true),
            { ConfigMapRef: { } map } => sources.All(Kinds.ConfigMap, map.Name, map.Optional == true),
            _ => null,
        };
        return (values ?? new Dictionary<string, byte[]>())
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, Encoding.UTF8.GetString(pair.Value)));
    }

    private static string? Single(EnvironmentValueSource from, Sources sources) => from switch
    {
        { SecretKeyRef: { } secret } => sources.Value(Kinds.Secret, secret.Name, secret.Key, secret.Optional == true),
        { ConfigMapKeyRef: { } map } => sources.Value(Kinds.ConfigMap, map.Name, map.Key, map.Optional == true),
        _ => null,
    };

    private static void Add(List<KeyValuePair<string, string>> ordered, HashSet<string> known, string name, string value)
    {
        if (!known.Add(name))
        {
            ordered.RemoveAll(pair => pair.Key == name);
        }

        ordered.Add(KeyValuePair.Create(name, value));
    }
}
