using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Events;

/// <summary>A Trigger gets again what it had.</summary>
internal static class ReplayCommand
{
    private static readonly Option<long?> s_offset = new("--from-offset") { Description = "From this offset on." };
    private static readonly Option<string?> s_time = new("--from-time") { Description = "From this instant on, such as 2026-01-31T12:00:00Z." };
    private static readonly Option<int?> s_partition = new("--partition") { Description = "Only this partition." };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("replay", "Deliver events to a Trigger again, from the beginning unless told otherwise.") { EventOptions.Topic, EventOptions.Trigger, s_offset, s_time, s_partition, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var body = new JsonObject { ["trigger"] = parsed.GetValue(EventOptions.Trigger) };
        if (parsed.GetValue(s_offset) is { } offset)
        {
            body["fromOffset"] = offset;
        }

        if (parsed.GetValue(s_time) is { } time)
        {
            body["fromTime"] = time;
        }

        if (parsed.GetValue(s_partition) is { } partition)
        {
            body["partition"] = partition;
        }

        using var events = EventsClient.Connect(ServerOptions.Folder(parsed));
        var answer = await events.PostAsync(EventOptions.Path(parsed, "/replay"), body, cancellation);
        console.Table(["PARTITION", "FROM", "UNTIL"], [.. answer["partitions"]!.AsArray().Select(moved => new[] { $"{moved!["partition"]}", $"{moved["from"]}", $"{moved["until"]}" })]);
        return ExitCodes.Success;
    }
}
