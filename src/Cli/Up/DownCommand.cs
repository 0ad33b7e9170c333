using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Store.Installation;

namespace Slipway.Cli.Up;

internal static class DownCommand
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("down", "Stop Slipway and every instance it runs. Data stays in the state folder.");
        command.Options.Add(ServerOptions.Home);
        command.SetAction((parsed, cancellation) => RunAsync(ServerOptions.Folder(parsed), console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(StateFolder folder, TerminalWriter console, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var wasRunning = false;
        var began = time.GetTimestamp();
        while (true)
        {
            // The supervisor first: a server that ends while it is watched would be started again.
            var supervisor = SupervisorRecord.Read(folder) is { IsAlive: true } watching ? watching : null;
            var server = InstallationStatus.Read(folder) is { IsAlive: true } running ? running : null;
            if (supervisor is null && server is null)
            {
                console.Line(wasRunning ? "Slipway is stopped." : $"Slipway is not running in {folder.Root}.");
                return ExitCodes.Success;
            }

            if (supervisor is not null && !wasRunning)
            {
                Signals.Terminate(supervisor.ProcessId);
            }
            else if (supervisor is null && server is { Phase: not InstallationStatus.Stopping })
            {
                Signals.Terminate(server.ProcessId);
            }

            wasRunning = true;
            console.Progress(server?.Step ?? "stopping");
            if (time.GetElapsedTime(began) > s_limit)
            {
                throw new CliFailure($"Slipway did not stop within {s_limit.TotalSeconds:0} s; see {folder.ServerLog}.");
            }

            await Task.Delay(s_look, time, cancellation);
        }
    }
}
