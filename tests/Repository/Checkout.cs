namespace Slipway.Repository.Tests;

/// <summary>The files of this repository as a stranger finds them: what is built or downloaded is not among them.</summary>
internal static class Checkout
{
    private static readonly string[] s_notOurs = ["bin", "obj", "artifacts", ".git", ".slipway", "node_modules", "dist", "TestResults", ".vs"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root).Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Slipway.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Slipway.slnx above the test binaries");
        }

        return folder;
    }

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(child => !s_notOurs.Contains(Path.GetFileName(child)))
                .SelectMany(Walk));
}
