using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Deploy;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;
using Slipway.Model.Resources;

namespace Slipway.Cli.Traffic;

/// <summary>Shows or changes who gets which share of a service's traffic.</summary>
internal static class TrafficCommand
{
    private static readonly Argument<string> s_service = new("service") { Description = "Name of the service." };
    private static readonly Argument<string[]> s_shares = new("share") { Description = "REVISION=PERCENT, or latest=PERCENT; together 100.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> s_toLatest = new("--to-latest") { Description = "Everything to the newest ready revision, now and after later deployments." };
    private static readonly Option<string[]> s_tag = new("--tag") { Description = "NAME=REVISION: an URL of its own for a revision, with or without traffic." };
    private static readonly Option<string[]> s_removeTag = new("--remove-tag") { Description = "Take a tag away." };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command(
            "traffic",
            "Show or split the traffic of a service.\n\nExamples:\n  slipway traffic hello\n  slipway traffic hello hello-00001=90 hello-00002=10\n  slipway traffic hello --to-latest\n  slipway traffic hello --tag beta=hello-00003")
        {
            s_service, s_shares, s_toLatest, s_tag, s_removeTag, SharedOptions.Namespace, ServerOptions.Home,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var name = parsed.GetValue(s_service)!;
        var @namespace = parsed.GetValue(SharedOptions.Namespace)!;
        var service = await api.GetAsync(ResourcePaths.Item(Kinds.Service, @namespace, name), cancellation);
        var current = (service["spec"]?["traffic"] as JsonArray ?? []).OfType<JsonObject>().Select(target => target.DeepClone().AsObject()).ToList();
        var next = TrafficChange.Apply(current, parsed.GetValue(s_shares) ?? [], parsed.GetValue(s_toLatest), parsed.GetValue(s_tag) ?? [], parsed.GetValue(s_removeTag) ?? []);
        if (next is null)
        {
            Show(service, console);
            return ExitCodes.Success;
        }

        return await SetAsync(api, @namespace, name, next, console, cancellation);
    }

    public static async Task<int> SetAsync(
        ApiClient api, string @namespace, string name, IEnumerable<JsonObject> traffic, TerminalWriter console, CancellationToken cancellation)
    {
        var patch = new JsonObject { ["spec"] = new JsonObject { ["traffic"] = new JsonArray([.. traffic.Select(target => (JsonNode)target.DeepClone())]) } };
        await api.MergeAsync(ResourcePaths.Item(Kinds.Service, @namespace, name), patch, cancellation);
        return await ServiceReadiness.WaitAsync(api, @namespace, name, console, cancellation);
    }

    private static void Show(JsonObject service, TerminalWriter console) =>
        console.Table(["PERCENT", "REVISION", "TAG", "URL"], [.. (service["status"]?["traffic"] as JsonArray ?? []).OfType<JsonObject>().Select(target => (IReadOnlyList<string>)
        [
            ((int?)target["percent"] ?? 0).ToString(CultureInfo.InvariantCulture),
            (string?)target["revisionName"] + ((bool?)target["latestRevision"] == true ? " (latest)" : ""),
            (string?)target["tag"] ?? "",
            (string?)target["url"] ?? "",
        ])]);
}
