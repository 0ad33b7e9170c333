using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>The files that secret, config map and projected volumes lay out for one container.</summary>
/// <param name="account">Whose tokens the instance gets; null is the namespace's default account.</param>
/// <param name="canIssue">Whether anybody issues tokens.</param>
internal sealed class VolumeFiles(Sources sources, string? account, bool canIssue)
{
    private const int ModeDefault = 0b110_100_100;
    private const long LifetimeDefaultSeconds = 3_600;
    private const long LifetimeMinSeconds = 600;

    public (List<MountedFile> Files, List<TokenFile> Tokens) Resolve(Container container, IReadOnlyList<Volume> volumes)
    {
        var laid = new SortedDictionary<string, Laid>(StringComparer.Ordinal);
        foreach (var mount in container.VolumeMounts ?? [])
        {
            if (volumes.FirstOrDefault(volume => volume.Name == mount.Name) is not { } volume)
            {
                sources.Lacks($"volume \"{mount.Name}\"");
                continue;
            }

            foreach (var content in Content(volume))
            {
                if (Place(mount, content.File?.Path ?? content.Token!.Path) is { } path)
                {
                    laid[path] = new Laid(
                        content.File is { } file ? file with { Path = path } : null,
                        content.Token is { } token ? token with { Path = path } : null);
                }
            }
        }

        return ([.. laid.Values.Select(content => content.File).OfType<MountedFile>()], [.. laid.Values.Select(content => content.Token).OfType<TokenFile>()]);
    }

    private IEnumerable<Laid> Content(Volume volume)
    {
        if (volume.Secret is { } secret)
        {
            return Files(Keys(Kinds.Secret, secret.SecretName ?? "", secret.Items, secret.DefaultMode, secret.Optional, sources));
        }

        if (volume.ConfigMap is { } map)
        {
            return Files(Keys(Kinds.ConfigMap, map.Name ?? "", map.Items, map.DefaultMode, map.Optional, sources));
        }

        return volume.Projected is { } projected
            ? (projected.Sources ?? []).SelectMany(source => Projected(source, projected.DefaultMode))
            : [];
    }

    private IEnumerable<Laid> Projected(ProjectedSource source, int? mode) => source switch
    {
        { ServiceAccountToken: { } token } => Token(token, mode),
        { Secret: { } secret } => Files(Keys(Kinds.Secret, secret.Name ?? "", secret.Items, mode, secret.Optional, sources)),
        { ConfigMap: { } map } => Files(Keys(Kinds.ConfigMap, map.Name ?? "", map.Items, mode, map.Optional, sources)),
        _ => [],
    };

    private IEnumerable<Laid> Token(ServiceAccountTokenSource token, int? mode)
    {
        if (!canIssue)
        {
            sources.Lacks($"a token for \"{token.Path}\" (serviceAccountToken volumes are not served by this driver; mount a Secret instead)");
            yield break;
        }

        var seconds = Math.Max(LifetimeMinSeconds, token.ExpirationSeconds ?? LifetimeDefaultSeconds);
        yield return new Laid(null, new TokenFile(
            token.Path,
            string.IsNullOrEmpty(account) ? "default" : account,
            string.IsNullOrEmpty(token.Audience) ? null : token.Audience,
            TimeSpan.FromSeconds(seconds),
            mode ?? ModeDefault));
    }

    private static IEnumerable<Laid> Files(IEnumerable<MountedFile> files) => files.Select(file => new Laid(file, null));

    private static IEnumerable<MountedFile> Keys(
        ResourceKind kind, string name, List<KeyToPath>? items, int? mode, bool? optional, Sources sources)
    {
        if (sources.All(kind, name, optional == true) is not { } all)
        {
            yield break;
        }

        if (items is not { Count: > 0 })
        {
            foreach (var (key, value) in all)
            {
                yield return new MountedFile(key, value, mode ?? ModeDefault);
            }

            yield break;
        }

        foreach (var item in items)
        {
            if (all.TryGetValue(item.Key, out var value))
            {
                yield return new MountedFile(item.Path, value, item.Mode ?? mode ?? ModeDefault);
            }
            else if (optional != true)
            {
                sources.Lacks($"key \"{item.Key}\" of {kind.Kind} \"{name}\"");
            }
        }
    }

    /// <summary>Where a volume's file appears in the container; null when the mount shows another part of the volume.</summary>
    private static string? Place(VolumeMount mount, string relative)
    {
        var target = mount.MountPath.TrimEnd('/');
        if (string.IsNullOrEmpty(mount.SubPath))
        {
            return $"{target}/{relative}";
        }

        var part = mount.SubPath.Trim('/');
        if (relative == part)
        {
            return target;
        }

        return relative.StartsWith(part + "/", StringComparison.Ordinal) ? $"{target}/{relative[(part.Length + 1)..]}" : null;
    }

    /// <summary>One of the two.</summary>
    private readonly record struct Laid(MountedFile? File, TokenFile? Token);
}
