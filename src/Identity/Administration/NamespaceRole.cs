using System.Text.RegularExpressions;

namespace Slipway.Identity.Administration;

/// <summary>What somebody may do in one namespace of the platform. Each role includes the ones before it.</summary>
internal enum NamespaceRole
{
    Viewer,
    Developer,
    Owner,
}

internal static partial class NamespaceRoles
{
    public static IReadOnlyList<string> Names { get; } = ["viewer", "developer", "owner"];

    public static NamespaceRole? Read(string? name) => name switch
    {
        "viewer" => NamespaceRole.Viewer,
        "developer" => NamespaceRole.Developer,
        "owner" => NamespaceRole.Owner,
        _ => null,
    };

    public static string Write(NamespaceRole role) => Names[(int)role];

    /// <summary>A namespace's name is a DNS label, because it becomes part of host names.</summary>
    public static bool IsNamespace(string text) => Label().IsMatch(text);

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
