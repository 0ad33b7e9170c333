using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Resources;

internal static class GetCommand
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private static readonly Argument<string> s_kind = new("kind") { Description = "service, revision, job, pod, secret, …" };
    private static readonly Argument<string?> s_name = new("name") { Description = "One object; all when absent.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> s_all = new("--all-namespaces", "-A") { Description = "Look in every namespace." };
    private static readonly Option<string?> s_selector = new("--selector", "-l") { Description = "Only objects whose labels match, e.g. app=web,tier!=db." };
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("get", "Show objects.\n\nExamples:\n  slipway get services\n  slipway get revision hello-00001 -o yaml") { s_kind, s_name, s_all, s_selector, SharedOptions.Namespace, SharedOptions.Output, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var kind = ResourcePaths.KindOf(parsed.GetValue(s_kind)!);
        var @namespace = parsed.GetValue(s_all) ? null : parsed.GetValue(SharedOptions.Namespace)!;
        var name = parsed.GetValue(s_name);
        var output = parsed.GetValue(SharedOptions.Output)!;
        var path = name is null ? ResourcePaths.Collection(kind, @namespace) : ResourcePaths.Item(kind, @namespace ?? "default", name);
        if (parsed.GetValue(s_selector) is { Length: > 0 } selector)
        {
            path += $"?labelSelector={Uri.EscapeDataString(selector)}";
        }

        switch (output)
        {
            case "json":
                console.Line((await api.GetAsync(path, cancellation)).ToJsonString(s_indented));
                break;
            case "yaml":
                console.Output.Write(Yaml.Write(await api.GetAsync(path, cancellation)));
                break;
            default:
                Show(await api.GetAsync(path, cancellation, Table), output == "wide", @namespace is null, console);
                break;
        }

        return ExitCodes.Success;
    }

    private static void Show(JsonObject table, bool wide, bool withNamespace, TerminalWriter console)
    {
        var columns = table["columnDefinitions"]!.AsArray()
            .Select((column, index) => (Title: ((string)column!["name"]!).ToUpperInvariant(), Index: index, Priority: (int?)column["priority"] ?? 0))
            .Where(column => wide || column.Priority == 0)
            .ToList();
        var rows = table["rows"]!.AsArray();
        if (rows.Count == 0)
        {
            console.Line("Nothing found.");
            return;
        }

        var header = columns.Select(column => column.Title);
        console.Table(
            [.. withNamespace ? header.Prepend("NAMESPACE") : header],
            [.. rows.Select(row =>
            {
                var cells = columns.Select(column => Paint(row!["cells"]![column.Index]?.ToString() ?? "", console));
                return (IReadOnlyList<string>)[.. withNamespace ? cells.Prepend((string?)row!["object"]?["metadata"]?["namespace"] ?? "") : cells];
            })]);
    }

    private static string Paint(string cell, TerminalWriter console) => cell switch
    {
        "True" or "Running" => console.Green(cell),
        "False" or "Failed" => console.Red(cell),
        "Unknown" or "Pending" => console.Yellow(cell),
        _ => cell,
    };
}
