using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Events;

/// <summary>How far behind each Trigger is.</summary>
internal static class LagCommand
{
    public static Command Create(TerminalWriter console)
    {
        var command = new Command("lag", "Show how far behind the Triggers of a topic are.") { EventOptions.Topic, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var events = EventsClient.Connect(ServerOptions.Folder(parsed));
            var lag = await events.GetAsync(EventOptions.Path(parsed, "/lag"), cancellation);
            console.Table(["TRIGGER", "PARTITION", "END", "COMMITTED", "LAG", "OLDEST", "DEAD", "WAITING"], [.. lag["items"]!.AsArray().SelectMany(Rows)]);
            return ExitCodes.Success;
        });
        return command;
    }

    private static IEnumerable<string[]> Rows(JsonNode? trigger) => trigger!["partitions"]!.AsArray().Select(partition => new[]
    {
        (string)trigger["trigger"]!, $"{partition!["partition"]}", $"{partition["end"]}", $"{partition["committed"]}", $"{partition["lag"]}", $"{partition["oldestSeconds"]}s",
        $"{trigger["deadLetters"]}", $"{trigger["waitingBehind"]}",
    });
}
