using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;
using Slipway.Model.Resources;

namespace Slipway.Cli.Resources;

/// <summary>One object as a person reads it: what it is, how it is, and what happened to it.</summary>
internal static class DescribeCommand
{
    private static readonly Argument<string> s_kind = new("kind") { Description = "service, revision, job, …" };
    private static readonly Argument<string> s_name = new("name") { Description = "Name of the object." };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("describe", "Tell everything about one object, with its conditions and events.\n\nExample:\n  slipway describe service hello") { s_kind, s_name, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var kind = ResourcePaths.KindOf(parsed.GetValue(s_kind)!);
        var @namespace = parsed.GetValue(SharedOptions.Namespace)!;
        var name = parsed.GetValue(s_name)!;
        var found = await api.GetAsync(ResourcePaths.Item(kind, @namespace, name), cancellation);
        var conditions = (found["status"]?["conditions"] as JsonArray)?.DeepClone().AsArray();
        (found["metadata"] as JsonObject)?.Remove("managedFields");
        (found["status"] as JsonObject)?.Remove("conditions");
        console.Output.Write(Yaml.Write(found));
        if (conditions is { Count: > 0 })
        {
            console.Line();
            console.Table(["CONDITION", "STATUS", "REASON", "MESSAGE"], [.. conditions.Select(condition =>
                (IReadOnlyList<string>)[(string)condition!["type"]!, (string)condition["status"]!, (string?)condition["reason"] ?? "", (string?)condition["message"] ?? ""])]);
        }

        await TellEventsAsync(api, @namespace, (string?)found["metadata"]?["uid"] ?? "", console, cancellation);
        return ExitCodes.Success;
    }

    private static async Task TellEventsAsync(ApiClient api, string @namespace, string uid, TerminalWriter console, CancellationToken cancellation)
    {
        var path = $"{ResourcePaths.Collection(Kinds.Event, @namespace)}?fieldSelector={Uri.EscapeDataString($"involvedObject.uid={uid}")}";
        var events = (await api.GetAsync(path, cancellation))["items"]!.AsArray();
        if (events.Count > 0)
        {
            console.Line();
            console.Table(["LAST SEEN", "TYPE", "REASON", "MESSAGE"], [.. events
                .OrderBy(entry => (string?)entry!["lastTimestamp"], StringComparer.Ordinal)
                .Select(entry => (IReadOnlyList<string>)[(string?)entry!["lastTimestamp"] ?? "", (string?)entry["type"] ?? "", (string?)entry["reason"] ?? "", (string?)entry["message"] ?? ""])]);
        }
    }
}
