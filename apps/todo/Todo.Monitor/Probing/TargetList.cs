using System.Text.RegularExpressions;
using Slipway.Sdk.Settings;

namespace Todo.Monitor.Probing;

/// <summary>TARGETS: <c>name</c> for a service of the platform, asked whether it is ready, or <c>name=url</c> for any address.</summary>
internal static partial class TargetList
{
    public const int TargetsMax = 50;

    private static readonly string[] s_usual = ["identity", "todo-api", "todo-insights", "todo"];

    public static IReadOnlyList<Target> Read(ServiceSettings settings, ServiceAddresses addresses)
    {
        var entries = settings.List("TARGETS") is { Count: > 0 } given ? given : s_usual;
        var targets = new List<Target>();
        foreach (var entry in entries)
        {
            if (Find(entry, settings, addresses) is not { } target)
            {
                settings.Mistaken($"TARGETS must list service names or name=url pairs such as shop=https://shop.example.org/ready, not \"{Shown(entry)}\".");
            }
            else if (targets.Exists(other => other.Name == target.Name))
            {
                settings.Mistaken($"TARGETS names {target.Name} twice.");
            }
            else
            {
                targets.Add(target);
            }
        }

        if (targets.Count > TargetsMax)
        {
            settings.Mistaken($"TARGETS must list at most {TargetsMax} targets, not {targets.Count}.");
        }

        return targets;
    }

    private static Target? Find(string entry, ServiceSettings settings, ServiceAddresses addresses)
    {
        var cut = entry.IndexOf('=', StringComparison.Ordinal);
        var name = cut < 0 ? entry : entry[..cut];
        if (!Name().IsMatch(name))
        {
            return null;
        }

        if (cut < 0)
        {
            var address = addresses.Public(name);
            return new(name, address.GetLeftPart(UriPartial.Authority), new Uri(addresses.Dial(name), "/ready"), addresses.HostHeader(name)) { IsService = true };
        }

        if (!Uri.TryCreate(entry[(cut + 1)..], UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            return null;
        }

        var local = url.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        var gateway = new Uri(settings.Text("SLIPWAY_GATEWAY", "http://127.0.0.1:8080"));
        return new(name, url.GetLeftPart(UriPartial.Path), local ? new Uri(gateway, url.PathAndQuery) : url, url.Authority);
    }

    private static string Shown(string entry) => entry.Length > 60 ? entry[..60] : entry;

    [GeneratedRegex("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$")]
    private static partial Regex Name();
}
