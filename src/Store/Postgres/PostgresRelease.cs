using System.Runtime.InteropServices;

namespace Slipway.Store.Postgres;

/// <summary>The PostgreSQL we run when nobody gives us one. Pinned, so that two machines never differ by accident.</summary>
internal static class PostgresRelease
{
    public const string Version = "18.4.0-beta.17";

    public const int Major = 18;

    /// <summary>The oldest outside server we accept; older ones are out of support, or soon.</summary>
    public const int OutsideMajorMin = 14;

    /// <summary>
    /// <c>linux-x64</c> and its siblings, or null. Binaries exist for other systems too, but supervising and adopting a server relies on
    /// what Linux tells of processes.
    /// </summary>
    public static string? Platform() => !OperatingSystem.IsLinux() ? null : RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "linux-x64",
        Architecture.Arm64 => "linux-arm64",
        Architecture.Arm => "linux-arm",
        Architecture.Ppc64le => "linux-ppc64",
        _ => null,
    };

    public static string Package(string platform) => $"@embedded-postgres/{platform}";
}
