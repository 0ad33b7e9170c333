using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Deploy;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;
using Slipway.Model.Resources;

namespace Slipway.Cli.Traffic;

/// <summary>All traffic back to an earlier revision. Nothing is built or started anew: the revision is still there.</summary>
internal static class RollbackCommand
{
    private static readonly Argument<string> s_service = new("service") { Description = "Name of the service." };
    private static readonly Option<string?> s_to = new("--to") { Description = "The revision to go back to; the ready one before the serving one when absent." };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("rollback", "Send all traffic back to an earlier revision.\n\nExamples:\n  slipway rollback hello\n  slipway rollback hello --to hello-00003") { s_service, s_to, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var name = parsed.GetValue(s_service)!;
        var @namespace = parsed.GetValue(SharedOptions.Namespace)!;
        var service = await api.GetAsync(ResourcePaths.Item(Kinds.Service, @namespace, name), cancellation);
        var revisions = await RevisionsCommand.ListAsync(api, @namespace, name, cancellation);
        var target = parsed.GetValue(s_to) is { } asked
            ? revisions.FirstOrDefault(revision => NameOf(revision) == asked)
                ?? throw new CliFailure($"service {name} has no revision {asked}; `slipway revisions {name}` lists them.")
            : Previous(service, revisions) ?? throw new CliFailure($"service {name} has no earlier ready revision to go back to.");
        var current = (service["spec"]?["traffic"] as JsonArray ?? []).OfType<JsonObject>().Select(entry => entry.DeepClone().AsObject()).ToList();
        var next = TrafficChange.Apply(current, [$"{NameOf(target)}=100"], toLatest: false, [], [])!;
        return await TrafficCommand.SetAsync(api, @namespace, name, next, console, cancellation);
    }

    /// <summary>The newest ready revision that is older than the newest one serving now: a canary is taken back, not what it is compared with.</summary>
    internal static JsonObject? Previous(JsonObject service, IReadOnlyList<JsonObject> newestFirst)
    {
        var newestServing = newestFirst.ToList().FindIndex(revision => RevisionsCommand.PercentOf(service, NameOf(revision)) > 0);
        return newestFirst.Skip(newestServing + 1).FirstOrDefault(revision => (string?)ServiceReadiness.Condition(revision, "Ready")?["status"] == "True");
    }

    private static string NameOf(JsonObject revision) => (string)revision["metadata"]!["name"]!;
}
