using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Resources;

/// <summary>A manifest and the folder that relative paths in it start from.</summary>
internal sealed record Manifest(JsonObject Content, string Folder);

internal static class Manifests
{
    /// <summary>Reads one file, every YAML and JSON file of a folder in order of their names, or the input for <c>-</c>.</summary>
    public static async Task<IReadOnlyList<Manifest>> ReadAsync(string source, CancellationToken cancellation)
    {
        if (source == "-")
        {
            return Parse(await Console.In.ReadToEndAsync(cancellation), "input", Directory.GetCurrentDirectory());
        }

        if (Directory.Exists(source))
        {
            var files = Directory.EnumerateFiles(source).Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json").Order(StringComparer.Ordinal).ToList();
            if (files.Count == 0)
            {
                throw new CliFailure($"{source} holds no .yaml, .yml or .json file.", ExitCodes.Usage);
            }

            var all = new List<Manifest>();
            foreach (var file in files)
            {
                all.AddRange(await ReadAsync(file, cancellation));
            }

            return all;
        }

        if (!File.Exists(source))
        {
            throw new CliFailure($"there is no file {source}.", ExitCodes.Usage);
        }

        return Parse(await File.ReadAllTextAsync(source, cancellation), source, Path.GetDirectoryName(Path.GetFullPath(source))!);
    }

    private static List<Manifest> Parse(string text, string source, string folder)
    {
        var manifests = Yaml.Read(text, source).Select(content => new Manifest(content, folder)).ToList();
        return manifests.Count > 0 ? manifests : throw new CliFailure($"{source} holds no manifest.", ExitCodes.Usage);
    }
}
