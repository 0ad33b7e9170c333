using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Apps;

/// <summary>An application that comes with Slipway's sources.</summary>
/// <param name="Manifests">Files that describe it, in the order in which they are applied.</param>
/// <param name="Sources">Files and folders whose change makes a new deployment necessary.</param>
internal sealed record BundledApp(string Name, string About, IReadOnlyList<string> Manifests, IReadOnlyList<string> Sources)
{
    /// <summary>Where the list is kept, below the folder of the sources.</summary>
    private const string BundlePath = "apps/bundle.yaml";

    /// <summary>Told by the script that starts the command; without it there are no sources to deploy from.</summary>
    private const string SourceVariable = "SLIPWAY_SOURCE";

    /// <summary>The folder the command was built from, or null when it runs apart from its sources.</summary>
    public static string? SourceRoot() =>
        Environment.GetEnvironmentVariable(SourceVariable) is { Length: > 0 } root && File.Exists(Path.Combine(root, BundlePath)) ? root : null;

    public static IReadOnlyList<BundledApp> ReadAll(string root) =>
        Parse(File.ReadAllText(Path.Combine(root, BundlePath)), BundlePath);

    public static IReadOnlyList<BundledApp> Parse(string text, string source) => [.. Yaml.Read(text, source).Select(document => new BundledApp(
        Text(document, "name"),
        Text(document, "about"),
        Texts(document, "manifests"),
        Texts(document, "sources")))];

    private static string Text(JsonObject document, string field) =>
        (string?)document[field] is { Length: > 0 } text ? text : throw new CliFailure($"{BundlePath}: an application has no {field}.");

    private static List<string> Texts(JsonObject document, string field) =>
        document[field] is JsonArray { Count: > 0 } list
            ? [.. list.Select(item => (string?)item ?? throw new CliFailure($"{BundlePath}: {field} of {Text(document, "name")} holds something that is not text."))]
            : throw new CliFailure($"{BundlePath}: {Text(document, "name")} has no {field}.");
}
