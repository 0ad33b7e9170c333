using System.Diagnostics;
using System.Text;

namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>What a command said and how it ended.</summary>
internal sealed record CommandResult(string Line, int ExitCode, string Output, string Error)
{
    public CommandResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"{Line}\nended with {ExitCode}\n{Output}\n{Error}");
        return this;
    }

    public CommandResult FailedWith(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"{Line}\nended with {ExitCode} instead of {exitCode}\n{Output}\n{Error}");
        return this;
    }
}

/// <summary>Runs a program as a user would. It has a time limit, no input, and is ended with its children when time is over.</summary>
internal static class Command
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(150);

    /// <summary>A daemon the command left behind may hold its pipes open; what was written by then is what counts.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(300);

    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    public static async Task<CommandResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string? input = null,
        TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? Checkout.Root,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var line = $"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList)}";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{line} did not start");
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        var output = new StringBuilder();
        var error = new StringBuilder();
        var reading = Task.WhenAll(DrainAsync(process.StandardOutput, output), DrainAsync(process.StandardError, error));
        using var ending = new CancellationTokenSource(limit ?? s_limit);
        try
        {
            while (!process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{line}\ndid not end within {(limit ?? s_limit).TotalSeconds:0} s\n{Text(output)}\n{Text(error)}");
        }

        await Task.WhenAny(reading, Task.Delay(s_lastWords, TimeProvider.System, CancellationToken.None));
        return new CommandResult(line, process.ExitCode, Text(output), Text(error));
    }

    private static async Task DrainAsync(StreamReader reader, StringBuilder text)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            lock (text)
            {
                text.Append(buffer, 0, read);
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
