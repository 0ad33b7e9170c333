using Slipway.Registry.Content;

namespace Slipway.Registry.Packing;

/// <summary>Marks images that hold an application without an operating system, to be run on the host itself.</summary>
internal static class HostProcessLabel
{
    public const string Name = "dev.slipway.artifact";

    public const string Value = "host-process";

    public static bool IsOn(ConfigModel? config) => config?.Config?.Labels is { } labels && labels.TryGetValue(Name, out var kind) && kind == Value;
}
