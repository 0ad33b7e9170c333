using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Deploy;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;
using Slipway.Model.Resources;
using Slipway.Model.Serving;

namespace Slipway.Cli.Traffic;

internal static class RevisionsCommand
{
    private static readonly Argument<string> s_service = new("service") { Description = "Name of the service." };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("revisions", "List a service's revisions, newest first, with their share of the traffic.") { s_service, SharedOptions.Namespace, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var name = parsed.GetValue(s_service)!;
        var @namespace = parsed.GetValue(SharedOptions.Namespace)!;
        var service = await api.GetAsync(ResourcePaths.Item(Kinds.Service, @namespace, name), cancellation);
        var revisions = await ListAsync(api, @namespace, name, cancellation);
        console.Table(["REVISION", "READY", "TRAFFIC", "INSTANCES", "CREATED"], [.. revisions.Select(revision =>
        {
            var revisionName = (string)revision["metadata"]!["name"]!;
            return (IReadOnlyList<string>)
            [
                revisionName,
                (string?)ServiceReadiness.Condition(revision, "Ready")?["status"] ?? "Unknown",
                $"{PercentOf(service, revisionName)} %",
                ((int?)revision["status"]?["actualReplicas"] ?? 0).ToString(CultureInfo.InvariantCulture),
                (string?)revision["metadata"]?["creationTimestamp"] ?? "",
            ];
        })]);
        return ExitCodes.Success;
    }

    public static async Task<IReadOnlyList<JsonObject>> ListAsync(ApiClient api, string @namespace, string service, CancellationToken cancellation)
    {
        var path = $"{ResourcePaths.Collection(Kinds.Revision, @namespace)}?labelSelector={Uri.EscapeDataString($"{ServingNames.Service}={service}")}";
        return [.. (await api.GetAsync(path, cancellation))["items"]!.AsArray().OfType<JsonObject>().OrderByDescending(GenerationOf)];
    }

    public static int PercentOf(JsonObject service, string revision) =>
        (service["status"]?["traffic"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(target => (string?)target["revisionName"] == revision)
            .Sum(target => (int?)target["percent"] ?? 0);

    private static long GenerationOf(JsonObject revision) =>
        long.TryParse((string?)revision["metadata"]?["labels"]?[ServingNames.ConfigurationGeneration], CultureInfo.InvariantCulture, out var generation) ? generation : 0;
}
