using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Events;

/// <summary>Which topics there are and how much they hold.</summary>
internal static class TopicsCommand
{
    public static Command Create(TerminalWriter console)
    {
        var command = new Command("topics", "Show all topics.") { ServerOptions.Home };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var events = EventsClient.Connect(ServerOptions.Folder(parsed));
            var topics = (await events.GetAsync("/topics", cancellation))["items"]!.AsArray();
            console.Table(["NAMESPACE", "TOPIC", "PARTITIONS", "EVENTS", "BYTES", "PUBLISHERS", "TRIGGERS"], [.. topics.Select(topic => Row(topic!))]);
            return ExitCodes.Success;
        });
        return command;
    }

    internal static string[] Row(JsonNode topic)
    {
        var partitions = topic["partitions"]!.AsArray();
        return
        [
            (string)topic["namespace"]!, (string)topic["name"]!,
            partitions.Count.ToString(CultureInfo.InvariantCulture),
            partitions.Sum(partition => (long)partition!["end"]! - (long)partition["begin"]!).ToString(CultureInfo.InvariantCulture),
            partitions.Sum(partition => (long)partition!["bytes"]!).ToString(CultureInfo.InvariantCulture),
            (string)topic["publishers"]!,
            string.Join(',', topic["triggers"]!.AsArray().Select(trigger => (string)trigger!)),
        ];
    }
}
