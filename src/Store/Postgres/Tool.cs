using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Slipway.Store.Postgres;

/// <param name="ExitCode">Null when the program could not be started or was stopped at its time limit.</param>
internal sealed record ToolResult(int? ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs one short-lived program to its end, with a time limit and with a bounded memory of what it said.</summary>
internal static class Tool
{
    private const int OutputMax = 16 * 1024;

    public static async Task<ToolResult> RunAsync(
        IReadOnlyList<string> command,
        string folder,
        IReadOnlyDictionary<string, string>? environment,
        TimeSpan limit,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        if (environment is not null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }
        }

        var output = new StringBuilder();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Remember(output, line.Data);
        process.ErrorDataReceived += (_, line) => Remember(output, line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new ToolResult(null, $"{command[0]} cannot be started: {exception.Message}");
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return new ToolResult(null, $"{command[0]} took longer than {limit.TotalSeconds:0} s and was stopped. {Text(output)}");
        }

        return new ToolResult(process.ExitCode, Text(output));
    }

    /// <summary>Where a program is, or null. The search path is given so that a test can make it empty.</summary>
    public static string? Find(string program, string? searchPath) =>
        (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static void Remember(StringBuilder output, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.AppendLine(line);
            if (output.Length > OutputMax)
            {
                output.Remove(0, output.Length - OutputMax);
            }
        }
    }

    private static string Text(StringBuilder output)
    {
        lock (output)
        {
            return output.ToString().Trim();
        }
    }
}
