using System.Security;

namespace Slipway.Registry.Packing;

/// <summary>
/// Publishes several projects in one build: what they share is compiled once, and they are built side by side. It is a shortcut only:
/// where it fails, each project is published by itself and its own errors are told.
/// </summary>
public sealed class JointPublisher(string temporaryFolder, TimeSpan timeout, TimeProvider time)
{
    /// <summary>Inside each project's folder, where builds put their results anyway. The same for all, since it reaches what they share too.</summary>
    private const string OutputFolder = "bin/Slipway";

    private readonly BuildProcess _build = new(timeout, time);

    /// <summary>The program of each project file; none when the joint build did not succeed.</summary>
    public async Task<IReadOnlyDictionary<string, PublishedProject>> PublishAsync(IReadOnlyList<ProjectReference> projects, IProgress<string> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(projects);
        var folders = projects.Select(project => project.ProjectFile).Distinct(StringComparer.Ordinal)
            .ToDictionary(file => file, file => Path.Combine(Path.GetDirectoryName(file)!, OutputFolder), StringComparer.Ordinal);
        foreach (var folder in folders.Values.Where(Directory.Exists))
        {
            // A page that no longer exists must not be published again.
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(temporaryFolder);
        var file = Path.Combine(temporaryFolder, $"slipway-publish-{Guid.CreateVersion7():N}.proj");
        await File.WriteAllTextAsync(file, Traversal(folders.Keys), cancellation);
        try
        {
            var restored = await _build.RunAsync("the applications", temporaryFolder, ["msbuild", file, "-t:RestoreAll", .. Properties], progress, cancellation);
            if (restored is not { Failure: null, ExitCode: 0 })
            {
                return new Dictionary<string, PublishedProject>();
            }

            var published = await _build.RunAsync("the applications", temporaryFolder, ["msbuild", file, "-t:PublishAll", "-m", .. Properties], progress, cancellation);
            return published is not { Failure: null, ExitCode: 0 }
                ? new Dictionary<string, PublishedProject>()
                : folders.Select(project => (project.Key, Program: PublishedProject.In(project.Value)))
                    .Where(project => project.Program is not null)
                    .ToDictionary(project => project.Key, project => project.Program!, StringComparer.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string[] Properties =>
    [
        "-nologo", "-verbosity:minimal", "-nodeReuse:false", "-p:Configuration=Release", $"-p:RuntimeIdentifier={BuildProcess.Runtime}", "-p:SelfContained=false",
        "-p:PublishReadyToRun=true", "-p:UseSharedCompilation=false", "-p:UseAppHost=false", "-p:ContinuousIntegrationBuild=true", $"-p:PublishDir={OutputFolder}/",
    ];

    private static string Traversal(IEnumerable<string> files) =>
        $"""
         <Project>
           <ItemGroup>
             {string.Join("\n    ", files.Select(file => $"<Program Include=\"{SecurityElement.Escape(file)}\" />"))}
           </ItemGroup>
           <Target Name="RestoreAll">
             <MSBuild Projects="@(Program)" Targets="Restore" />
           </Target>
           <Target Name="PublishAll">
             <MSBuild Projects="@(Program)" Targets="Publish" BuildInParallel="true" />
           </Target>
         </Project>
         """;
}
