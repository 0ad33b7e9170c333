using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Events;

/// <summary>The last events of a topic, and with <c>-f</c> those that come.</summary>
internal static class TailCommand
{
    private const int PageMax = 500;

    private static readonly Option<bool> s_follow = new("--follow", "-f") { Description = "Go on with what comes." };
    private static readonly Option<int> s_lines = new("--lines") { Description = "How many of the last events of each partition.", DefaultValueFactory = _ => 10 };
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("tail", "Show the last events of a topic.") { EventOptions.Topic, s_follow, s_lines, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var events = EventsClient.Connect(ServerOptions.Folder(parsed));
        var topic = await events.GetAsync(EventOptions.Path(parsed), cancellation);
        var next = topic["partitions"]!.AsArray().ToDictionary(
            partition => (int)partition!["partition"]!, partition => Math.Max(0, (long)partition!["end"]! - Math.Max(0, parsed.GetValue(s_lines))));
        do
        {
            var more = false;
            foreach (var partition in next.Keys.ToList())
            {
                var query = string.Create(CultureInfo.InvariantCulture, $"&partition={partition}&offset={next[partition]}&limit={PageMax}");
                var page = await events.GetAsync(EventOptions.Path(parsed, "/events", query), cancellation);
                foreach (var item in page["items"]!.AsArray())
                {
                    console.Line(Line(console, item!));
                    more = true;
                }

                next[partition] = (long)page["next"]!;
            }

            if (!more && parsed.GetValue(s_follow))
            {
                await Task.Delay(s_pause, TimeProvider.System, cancellation);
            }
        }
        while (parsed.GetValue(s_follow));

        return ExitCodes.Success;
    }

    private static string Line(TerminalWriter console, JsonNode item)
    {
        var told = item["event"]!;
        return $"{console.Dim((string)item["appendedAt"]!)} {item["partition"]}:{item["offset"]} {console.Bold((string)told["type"]!)} {told["subject"]} {told["id"]} {told["data"]?.ToJsonString()}".TrimEnd();
    }
}
