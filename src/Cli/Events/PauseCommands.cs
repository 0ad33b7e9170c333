using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;
using Slipway.Model.Eventing;
using Slipway.Model.Resources;

namespace Slipway.Cli.Events;

/// <summary>Stopping a Trigger for a while: its events wait in the topic.</summary>
internal static class PauseCommands
{
    public static Command Pause(TerminalWriter console) => Make(console, "pause", "Deliver nothing to a Trigger until `slipway events resume`.", "true", "is paused; its events wait");

    public static Command Resume(TerminalWriter console) => Make(console, "resume", "Go on delivering to a Trigger.", null, "goes on");

    private static Command Make(TerminalWriter console, string name, string description, string? value, string said)
    {
        var command = new Command(name, description) { EventOptions.Trigger, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
            var trigger = parsed.GetValue(EventOptions.Trigger)!;
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [EventingNames.Paused] = value } } };
            await api.MergeAsync(ResourcePaths.Item(Kinds.Trigger, parsed.GetValue(SharedOptions.Namespace)!, trigger), patch, cancellation);
            console.Line($"Trigger {trigger} {said}.");
            return ExitCodes.Success;
        });
        return command;
    }
}
