namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>Where the built product and the samples are.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Slipway { get; } = Path.Combine(Root, "artifacts", "slipway", "slipway");

    /// <summary>
    /// The downloaded database, shared by all clouds of this checkout. The database does not run as root, so a checkout
    /// behind a closed door keeps it in the system's place.
    /// </summary>
    public static string Tools { get; } =
        Environment.GetEnvironmentVariable("SLIPWAY_TOOLS") is { Length: > 0 } shared ? shared
        : Environment.IsPrivilegedProcess && !IsOpenToOthers(Root) ? "/var/lib/slipway/tools"
        : Path.Combine(Root, "artifacts");

    public static string Sample(string name) => Path.Combine(Root, "samples", name);

    private static bool IsOpenToOthers(string folder) =>
        File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute)
        && (Path.GetDirectoryName(folder) is not { } parent || IsOpenToOthers(parent));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Slipway.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Slipway.slnx above the test binaries");
        }

        return folder;
    }
}
