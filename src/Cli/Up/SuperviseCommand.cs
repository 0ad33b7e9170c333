using System.CommandLine;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Up;

/// <summary>What <c>up -d</c> leaves running. Not for people, so it is hidden.</summary>
internal static class SuperviseCommand
{
    public static Command Create()
    {
        var command = new Command("supervise", "Keep the server running (started by `slipway up -d`).") { Hidden = true };
        command.Options.Add(ServerOptions.Home);
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = ServerOptions.Folder(parsed);
            var supervisor = new ServerSupervisor(folder, new Dictionary<string, string> { ["SLIPWAY_HOME"] = folder.Root }, TimeProvider.System);
            return await supervisor.RunAsync(cancellation);
        });
        return command;
    }
}
