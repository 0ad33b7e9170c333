using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Store.Installation;

namespace Slipway.Cli.Up;

internal static class StatusCommand
{
    public static Command Create(TerminalWriter console)
    {
        var command = new Command("status", "Tell whether Slipway runs here, where everything is, and what the host lets it enforce.");
        command.Options.Add(ServerOptions.Home);
        command.SetAction(parsed => Run(ServerOptions.Folder(parsed), console));
        return command;
    }

    private static int Run(StateFolder folder, TerminalWriter console)
    {
        var status = InstallationStatus.Read(folder);
        if (status is not { IsAlive: true })
        {
            console.Line($"Slipway is not running in {folder.Root}. Start it with `slipway up`.");
            if (status is { Phase: InstallationStatus.Failed })
            {
                console.Line($"Its last start failed: {status.FailureDetail} ({status.FailureCode})");
            }

            return ExitCodes.Unreachable;
        }

        var watched = SupervisorRecord.Read(folder) is { IsAlive: true };
        console.Line($"Slipway is {status.Phase} (process {status.ProcessId}{(watched ? "" : ", without a supervisor: run `slipway up -d`")})");
        foreach (var (name, url) in status.Urls)
        {
            console.Line($"  {name,-12} {url}");
        }

        console.Line($"  {"kubeconfig",-12} {folder.Kubeconfig}");
        foreach (var note in status.Notes)
        {
            console.Line($"  note: {note}");
        }

        return status.Phase == InstallationStatus.Ready ? ExitCodes.Success : ExitCodes.Unreachable;
    }
}
