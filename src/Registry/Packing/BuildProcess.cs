using System.Diagnostics;
using System.Runtime.InteropServices;
using Slipway.Model.Failures;

namespace Slipway.Registry.Packing;

internal sealed record BuildRun(int ExitCode, IReadOnlyList<string> Lines, Failure? Failure);

/// <summary>Runs <c>dotnet</c> for a build and keeps what it says.</summary>
internal sealed class BuildProcess(TimeSpan timeout, TimeProvider time)
{
    /// <summary>The output kept to explain a failure; a build that prints more keeps its newest lines.</summary>
    private const int LinesMax = 4000;

    public static string Runtime { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    /// <summary>Servers that outlive the build would keep memory for minutes on a machine that wants it for instances.</summary>
    public static string[] Usual { get; } =
    [
        "--configuration", "Release", "--nologo", "--verbosity", "minimal", "-nodeReuse:false",
        "-p:UseSharedCompilation=false", "-p:UseAppHost=false", "-p:ContinuousIntegrationBuild=true",
    ];

    public async Task<BuildRun> RunAsync(string name, string folder, IReadOnlyList<string> arguments, IProgress<string> progress, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";

        // Settings of a surrounding build (we may be run by one) would leak into this one.
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(variable);
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
                $"dotnet publish of {name} was stopped after {timeout.TotalMinutes:0.#} minutes. Try it by hand to see where it waits, or allow more time."));
        }

        lock (lines)
        {
            return new BuildRun(process.ExitCode, [.. lines], null);
        }
    }
}
