using System.CommandLine;
using Slipway.Cli.Apps;
using Slipway.Cli.Databases;
using Slipway.Cli.Deploy;
using Slipway.Cli.Events;
using Slipway.Cli.Instances;
using Slipway.Cli.Resources;
using Slipway.Cli.Telemetry;
using Slipway.Cli.Terminal;
using Slipway.Cli.Traffic;
using Slipway.Cli.Up;

namespace Slipway.Cli;

/// <summary>The <c>slipway</c> command: every verb is a file of its own under the noun it works on.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        var console = new TerminalWriter(Console.Out, Console.Error);
        var root = Commands(console);
        try
        {
            // Without a limit of our own the library would end the process two seconds after a signal, in the middle of a stop.
            return await root.Parse(arguments).InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromMinutes(3),
            });
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (CliFailure failure)
        {
            console.Fail(failure.Message);
            return failure.ExitCode;
        }
    }

    internal static RootCommand Commands(TerminalWriter console) =>
        new("Cloud Run on your own machine: push a service, get a URL.")
        {
            UpCommand.Create(console),
            DownCommand.Create(console),
            StatusCommand.Create(console),
            SuperviseCommand.Create(),
            AppsCommand.Create(console),
            DeployCommand.Create(console),
            ApplyCommand.Create(console),
            GetCommand.Create(console),
            DescribeCommand.Create(console),
            DeleteCommand.Create(console),
            TrafficCommand.Create(console),
            RevisionsCommand.Create(console),
            RollbackCommand.Create(console),
            ScaleCommand.Create(console),
            WhyCommand.Create(console),
            LogsCommand.Create(console),
            TopCommand.Create(console),
            MetricsCommand.Create(console),
            TraceCommand.Create(console),
            AlertsCommand.Create(console),
            EventsCommand.Create(console),
            DatabaseCommand.Create(console),
            CompletionCommand.Create(console),
        };
}
