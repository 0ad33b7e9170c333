using System.Diagnostics;
using Slipway.Api.Certificates;

namespace Slipway.Api.Tests.Hosting;

/// <summary>The real client, with a home of its own so that it neither finds nor leaves anything elsewhere.</summary>
internal sealed class Kubectl : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly string _home = Directory.CreateTempSubdirectory("slipway-kubectl-").FullName;

    public Kubectl(ApiHost api)
    {
        Assert.SkipWhen(Find() is null, "kubectl is not on the PATH");
        Kubeconfig.Write(Path.Combine(_home, "config"), api.Address, null, "unused-over-clear-text");
    }

    /// <summary>Runs it with the arguments, split at blanks, and returns both of its outputs; fails unless it exits as expected.</summary>
    public async Task<string> RunAsync(string arguments, string? input = null, int exitCode = 0)
    {
        var start = new ProcessStartInfo(Find()!, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home,
        };
        start.Environment["HOME"] = _home;
        start.Environment["KUBECONFIG"] = Path.Combine(_home, "config");
        using var process = Process.Start(start)!;
        try
        {
            using var limit = new CancellationTokenSource(s_limit);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input ?? "");
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            var text = await output + await errors;
            Assert.True(process.ExitCode == exitCode, $"kubectl {arguments} exited with {process.ExitCode}:\n{text}");
            return text;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "kubectl"))
        .FirstOrDefault(File.Exists);
}
