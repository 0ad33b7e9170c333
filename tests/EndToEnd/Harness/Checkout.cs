namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>Where the built product and the samples are.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Slipway { get; } = Path.Combine(Root, "artifacts", "slipway", "slipway");

    public static string Sample(string name) => Path.Combine(Root, "samples", name);

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
