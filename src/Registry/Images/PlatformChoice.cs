using System.Runtime.InteropServices;
using Slipway.Registry.Content;

namespace Slipway.Registry.Images;

/// <summary>Which image of an index this machine runs.</summary>
internal static class PlatformChoice
{
    public static string Here => $"linux/{Architecture}";

    private static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        var other => other.ToString().ToLowerInvariant(),
    };

    public static Digest? Choose(ManifestModel index) => Choose(index, Architecture);

    public static Digest? Choose(ManifestModel index, string architecture)
    {
        var descriptor = index.Manifests?.FirstOrDefault(entry => entry.Platform is { Os: "linux" } platform && platform.Architecture == architecture);
        return Digest.TryParse(descriptor?.Digest, out var digest) ? digest : null;
    }
}
