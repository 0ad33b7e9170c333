using System.Diagnostics;
using System.Runtime.InteropServices;
using Slipway.Model.Failures;

namespace Slipway.Registry.Packing;

/// <summary>A published application; the folder is temporary and goes with this object.</summary>
public sealed class PublishedProject(string folder, string assembly) : IDisposable
{
    public string Folder => folder;

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
    /// <summary>The output kept to explain a failure; a build that prints more keeps its newest lines.</summary>
    private const int LinesMax = 4000;

    private static readonly string[] s_inheritedFiles = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];
    private static readonly string[] s_withoutInherited =
        ["-p:ImportDirectoryBuildProps=false", "-p:ImportDirectoryBuildTargets=false", "-p:ImportDirectoryPackagesProps=false"];

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

            string[] runnable = [.. Directory.EnumerateFiles(output, "*.runtimeconfig.json").Select(path => Path.GetFileName(path))];
            if (runnable is not [var only])
            {
                return new Failure(FailureKind.Invalid, "project-not-runnable",
                    $"{project.Name} publishes {runnable.Length} programs; a service needs exactly one. Is OutputType Exe, or the SDK Microsoft.NET.Sdk.Web?");
            }

            published = true;
            return new PublishedProject(output, only[..^".runtimeconfig.json".Length] + ".dll");
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

    private async Task<BuildRun> RunAsync(ProjectReference project, string output, string[] extra, IProgress<string> progress, CancellationToken cancellation)
    {
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(project.ProjectFile),
        };
        string[] arguments =
        [
            "publish", project.ProjectFile, "--configuration", "Release", "--output", output, "--runtime", $"linux-{architecture}", "--no-self-contained",
            "--nologo", "--verbosity", "minimal",

            // Servers that outlive the build would keep memory for minutes on a machine that wants it for instances.
            "-nodeReuse:false", "-p:UseSharedCompilation=false",
            "-p:UseAppHost=false", "-p:ContinuousIntegrationBuild=true", .. extra,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";

        // Settings of a surrounding build (we may be run by one) would leak into this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var lines = new Queue<string>();
        void Take(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (lines)
            {
                lines.Enqueue(line);
                if (lines.Count > LinesMax)
                {
                    lines.Dequeue();
                }
            }

            if (line.Trim() is { Length: > 0 } text)
            {
                progress.Report(text);
            }
        }

        process.OutputDataReceived += (_, received) => Take(received.Data);
        process.ErrorDataReceived += (_, received) => Take(received.Data);
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult();
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new BuildRun(0, [], new Failure(FailureKind.Unavailable, "dotnet-missing", "The command dotnet was not found. Install the .NET 10 SDK and put it on the PATH."));
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await exited.Task.WaitAsync(either.Token);

            // A compiler server that the build started may hold our end of the pipe open; what it says is not ours to wait for.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return new BuildRun(0, [], new Failure(FailureKind.Unavailable, "publish-timeout",
                $"dotnet publish of {project.Name} was stopped after {timeout.TotalMinutes:0.#} minutes. Try it by hand to see where it waits, or allow more time."));
        }

        lock (lines)
        {
            return new BuildRun(process.ExitCode, [.. lines], null);
        }
    }

    private sealed record BuildRun(int ExitCode, IReadOnlyList<string> Lines, Failure? Failure);
}
