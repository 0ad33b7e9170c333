using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Events;

/// <summary>Events that could not be delivered: looking at them, trying them again, leaving them out.</summary>
internal static class DeadLetterCommands
{
    private static readonly Argument<string?> s_id = new("id") { Description = "Which one; with --all it is left out.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> s_all = new("--all") { Description = "All that match the filters." };
    private static readonly Option<string?> s_trigger = new("--trigger") { Description = "Only those of this Trigger." };
    private static readonly Option<string?> s_type = new("--type") { Description = "Only events of this type." };
    private static readonly Option<string?> s_key = new("--key") { Description = "Only events of this key." };
    private static readonly Option<string> s_reason = new("--reason") { Description = "Why they are left out; kept with them.", Required = true };

    public static Command List(TerminalWriter console)
    {
        var command = new Command("dead", "Show events that could not be delivered.") { EventOptions.Topic, s_trigger, s_type, s_key, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var events = EventsClient.Connect(ServerOptions.Folder(parsed));
            var query = string.Concat(Filters(parsed).Select(filter => $"&{filter.Key}={Uri.EscapeDataString(filter.Value)}"));
            var letters = await events.GetAsync(EventOptions.Path(parsed, "/dead-letters", $"{query}&limit=200"), cancellation);
            console.Table(
                ["ID", "TRIGGER", "OFFSET", "KEY", "TYPE", "ATTEMPTS", "ERROR"],
                [.. letters["items"]!.AsArray().Select(letter => new[]
                {
                    $"{letter!["id"]}", $"{letter["trigger"]}", $"{letter["partition"]}:{letter["offset"]}", $"{letter["key"]}", $"{letter["event"]!["type"]}", $"{letter["attempts"]}", $"{letter["error"]}",
                })]);
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command Retry(TerminalWriter console)
    {
        var command = new Command("retry", "Try to deliver events again that were given up.") { EventOptions.Topic, s_id, s_all, s_trigger, s_type, s_key, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => DecideAsync(parsed, console, "retry", [], cancellation));
        return command;
    }

    public static Command Skip(TerminalWriter console)
    {
        var command = new Command("skip", "Leave out events that were given up; what waits behind them goes on.") { EventOptions.Topic, s_id, s_all, s_reason, s_trigger, s_type, s_key, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => DecideAsync(parsed, console, "skip", new JsonObject { ["reason"] = parsed.GetValue(s_reason) }, cancellation));
        return command;
    }

    private static async Task<int> DecideAsync(ParseResult parsed, TerminalWriter console, string verb, JsonObject body, CancellationToken cancellation)
    {
        var id = parsed.GetValue(s_id);
        if (id is null == !parsed.GetValue(s_all))
        {
            throw new CliFailure("name one dead letter, or all of them with --all.", ExitCodes.Usage);
        }

        foreach (var (name, value) in Filters(parsed))
        {
            body[name] = value;
        }

        using var events = EventsClient.Connect(ServerOptions.Folder(parsed));
        var path = id is null ? $"/dead-letters/{verb}" : $"/dead-letters/{Uri.EscapeDataString(id)}/{verb}";
        var answer = await events.PostAsync(EventOptions.Path(parsed, path), body, cancellation);
        console.Line($"{answer["keys"]} keys go on.");
        return ExitCodes.Success;
    }

    private static IEnumerable<KeyValuePair<string, string>> Filters(ParseResult parsed)
    {
        foreach (var (name, option) in new[] { ("trigger", s_trigger), ("type", s_type), ("key", s_key) })
        {
            if (parsed.GetValue(option) is { Length: > 0 } value)
            {
                yield return new(name, value);
            }
        }
    }
}
