using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Events;

/// <summary>One event by hand.</summary>
internal static class PublishCommand
{
    private static readonly Option<string> s_type = new("--type") { Description = "Type of the event.", Required = true };
    private static readonly Option<string> s_data = new("--data") { Description = "Its data, as JSON.", DefaultValueFactory = _ => "{}" };
    private static readonly Option<string?> s_subject = new("--subject") { Description = "What it is about; events of one subject stay in order." };
    private static readonly Option<string> s_source = new("--source") { Description = "Who tells it.", DefaultValueFactory = _ => "/slipway/cli" };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("publish", "Publish one event.") { EventOptions.Topic, s_type, s_data, s_subject, s_source, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString();
        var told = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = id,
            ["source"] = parsed.GetValue(s_source),
            ["type"] = parsed.GetValue(s_type),
            ["time"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["data"] = Data(parsed.GetValue(s_data)!),
        };
        if (parsed.GetValue(s_subject) is { Length: > 0 } subject)
        {
            told["subject"] = subject;
        }

        using var events = EventsClient.Connect(ServerOptions.Folder(parsed));
        var path = $"/{Uri.EscapeDataString(parsed.GetValue(SharedOptions.Namespace)!)}/{Uri.EscapeDataString(parsed.GetValue(EventOptions.Topic)!)}";
        await events.PostAsync(path, told, cancellation, "application/cloudevents+json");
        console.Line(id);
        return ExitCodes.Success;
    }

    private static JsonNode? Data(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException wrong)
        {
            throw new CliFailure($"--data is not JSON: {wrong.Message}", ExitCodes.Usage);
        }
    }
}
