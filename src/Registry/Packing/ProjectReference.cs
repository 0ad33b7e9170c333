using Slipway.Model.Failures;

namespace Slipway.Registry.Packing;

/// <summary>What <c>dotnet://RELATIVE/PROJECT</c> in a manifest points to, seen from the manifest's folder.</summary>
public sealed record ProjectReference(string ProjectFile)
{
    public const string Scheme = "dotnet://";

    public string Name => Path.GetFileNameWithoutExtension(ProjectFile);

    public static bool IsOne(string image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.StartsWith(Scheme, StringComparison.Ordinal);
    }

    /// <summary>Codes: <c>project-reference-invalid</c>, <c>project-not-found</c>, <c>project-ambiguous</c>.</summary>
    public static Outcome<ProjectReference> Find(string image, string manifestFolder)
    {
        if (!IsOne(image) || image.Length == Scheme.Length)
        {
            return Refuse("project-reference-invalid", $"'{image}' must be {Scheme} and a path, for example {Scheme}. or {Scheme}src/Api.");
        }

        var relative = image[Scheme.Length..];
        if (Path.IsPathRooted(relative) || relative.Contains('\0', StringComparison.Ordinal))
        {
            return Refuse("project-reference-invalid", $"'{image}' must be relative to the manifest's folder, so that the manifest works on every machine.");
        }

        var path = Path.GetFullPath(Path.Combine(manifestFolder, relative));
        if (File.Exists(path))
        {
            return IsProject(path) ? new ProjectReference(path) : Refuse("project-not-found", $"{path} is not a project file (.csproj, .fsproj or .vbproj).");
        }

        if (!Directory.Exists(path))
        {
            return Refuse("project-not-found", $"'{image}' means {path}, which does not exist.");
        }

        string[] projects = [.. Directory.EnumerateFiles(path).Where(IsProject).Order(StringComparer.Ordinal)];
        return projects switch
        {
            [var only] => new ProjectReference(only),
            [] => Refuse("project-not-found", $"There is no project file in {path}."),
            _ => Refuse("project-ambiguous", $"{path} has several projects ({string.Join(", ", projects.Select(Path.GetFileName))}); name one: {image.TrimEnd('/')}/{Path.GetFileName(projects[0])}."),
        };
    }

    private static bool IsProject(string path) => Path.GetExtension(path) is ".csproj" or ".fsproj" or ".vbproj";

    private static Failure Refuse(string code, string detail) => new(FailureKind.Invalid, code, detail);
}
