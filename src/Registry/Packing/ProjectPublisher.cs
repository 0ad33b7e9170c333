using Slipway.Model.Failures;

namespace Slipway.Registry.Packing;

/// <summary>A published application; the folder is temporary and goes with this object.</summary>
public sealed class PublishedProject(string folder, string assembly) : IDisposable
{
    public string Folder => folder;

    /// <summary>Null unless the folder has exactly one program.</summary>
    public static PublishedProject? In(string folder) => Programs(folder) is [var only] ? new PublishedProject(folder, only) : null;

    /// <summary>The files to run, of which a service needs exactly one.</summary>
    internal static string[] Programs(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + Marker).Select(path => Path.GetFileName(path)[..^Marker.Length] + ".dll")];

    private const string Marker = ".runtimeconfig.json";

    /// <summary>The file to run, for example <c>Hello.dll</c>.</summary>
    public string Assembly => assembly;

    public PackSettings Settings => new() { Entrypoint = ["dotnet", assembly] };

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>
/// Runs <c>dotnet publish</c> for a project: release build, framework-dependent, compiled ahead where the tools for it can be
/// had. The source folder gets the same bin and obj folders as from a build by hand, and nothing else.
/// </summary>
public sealed class ProjectPublisher(string temporaryFolder, TimeSpan timeout, TimeProvider time)
{
    private static readonly string[] s_inheritedFiles = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];
    private static readonly string[] s_withoutInherited =
        ["-p:ImportDirectoryBuildProps=false", "-p:ImportDirectoryBuildTargets=false", "-p:ImportDirectoryPackagesProps=false"];

    private readonly BuildProcess _build = new(timeout, time);

    /// <summary>Codes: <c>publish-failed</c> (detail has the build's errors), <c>publish-timeout</c>, <c>project-not-runnable</c>, <c>dotnet-missing</c>.</summary>
    public async Task<Outcome<PublishedProject>> PublishAsync(ProjectReference project, IProgress<string> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(progress);
        var output = Path.Combine(temporaryFolder, $"slipway-publish-{Guid.CreateVersion7():N}");
        Directory.CreateDirectory(output);
        var published = false;
        try
        {
            if (await BuildAsync(project, output, progress, cancellation) is { } failure)
            {
                return failure;
            }

            var runnable = PublishedProject.Programs(output);
            if (runnable is not [var only])
            {
                return new Failure(FailureKind.Invalid, "project-not-runnable",
                    $"{project.Name} publishes {runnable.Length} programs; a service needs exactly one. Is OutputType Exe, or the SDK Microsoft.NET.Sdk.Web?");
            }

            published = true;
            return new PublishedProject(output, only);
        }
        finally
        {
            if (!published)
            {
                Directory.Delete(output, recursive: true);
            }
        }
    }

    private async Task<Failure?> BuildAsync(ProjectReference project, string output, IProgress<string> progress, CancellationToken cancellation)
    {
        var inherited = InheritedFiles(project.ProjectFile);
        Failure? first = null;
        foreach (var extra in inherited.Count == 0 ? new string[][] { [] } : [[], s_withoutInherited])
        {
            if (extra.Length > 0)
            {
                progress.Report($"Trying again without {string.Join(", ", inherited)}, which belong to the folders around the project");
            }

            var run = await RunAsync(project, output, [.. extra, "-p:PublishReadyToRun=true"], progress, cancellation);
            if (run is { Failure: null, ExitCode: not 0 } && PublishOutput.LacksReadyToRun(run.Lines))
            {
                progress.Report("The ahead-of-time compiler cannot be fetched; publishing without it (the first request will be slower)");
                run = await RunAsync(project, output, [.. extra, "-p:PublishReadyToRun=false"], progress, cancellation);
            }

            if (run.Failure is not null)
            {
                return run.Failure;
            }

            if (run.ExitCode == 0)
            {
                return null;
            }

            first ??= new Failure(FailureKind.Invalid, "publish-failed", $"dotnet publish of {project.Name} failed:\n{PublishOutput.Condense(run.Lines)}");
        }

        return first;
    }

    /// <summary>
    /// Build settings that the project gets from the folders above it. They are honoured, since usually they are meant; but
    /// a project that happens to lie inside somebody else's repository must be publishable although those do not suit it.
    /// </summary>
    private static List<string> InheritedFiles(string projectFile)
    {
        var found = new List<string>();
        for (var folder = Path.GetDirectoryName(Path.GetDirectoryName(projectFile)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            found.AddRange(s_inheritedFiles.Select(name => Path.Combine(folder, name)).Where(File.Exists));
        }

        return found;
    }

    private Task<BuildRun> RunAsync(ProjectReference project, string output, string[] extra, IProgress<string> progress, CancellationToken cancellation) =>
        _build.RunAsync(
            project.Name, Path.GetDirectoryName(project.ProjectFile)!,
            ["publish", project.ProjectFile, "--output", output, "--runtime", BuildProcess.Runtime, "--no-self-contained", .. BuildProcess.Usual, .. extra],
            progress, cancellation);
}
