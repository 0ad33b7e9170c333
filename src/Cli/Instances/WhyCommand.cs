using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Instances;

/// <summary>Why a service has the number of instances it has: the autoscaler's latest decisions, and where the time of its starts went.</summary>
internal static class WhyCommand
{
    private static readonly Argument<string> s_service = new("service") { Description = "Name of the service." };
    private static readonly Option<int> s_last = new("--last") { Description = "How many decisions per revision.", DefaultValueFactory = _ => 5 };
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("why", "Explain the number of instances of a service.\n\nExample:\n  slipway why hello") { s_service, s_last, SharedOptions.Namespace, SharedOptions.Output, ServerOptions.Home };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(ServerOptions.Folder(parsed));
        var name = parsed.GetValue(s_service)!;
        var path = $"/api/services/{Uri.EscapeDataString(name)}/decisions?namespace={Uri.EscapeDataString(parsed.GetValue(SharedOptions.Namespace)!)}&limit={parsed.GetValue(s_last)}";
        var answer = await api.GetAsync(path, cancellation);
        if (parsed.GetValue(SharedOptions.Output) == "json")
        {
            console.Line(answer.ToJsonString(s_indented));
            return ExitCodes.Success;
        }

        var decisions = answer["items"]!.AsArray().OfType<JsonObject>().ToList();
        if (decisions.Count == 0)
        {
            console.Line($"No decision was needed for {name} yet.");
            return ExitCodes.Success;
        }

        console.Table(["AT", "REVISION", "WANTED", "BECAUSE"], [.. decisions.Select(decision => (IReadOnlyList<string>)
            [(string?)decision["at"] ?? "", (string?)decision["revision"] ?? "", decision["desired"]?.ToString() ?? "", (string?)decision["reason"] ?? ""])]);
        await StartsAsync(api, name, parsed.GetValue(SharedOptions.Namespace)!, console, cancellation);
        return ExitCodes.Success;
    }

    private static async Task StartsAsync(ApiClient api, string service, string @namespace, TerminalWriter console, CancellationToken cancellation)
    {
        var answer = await api.GetAsync($"/api/services/{Uri.EscapeDataString(service)}/starts?namespace={Uri.EscapeDataString(@namespace)}", cancellation);
        var started = answer["items"]!.AsArray().OfType<JsonObject>().Where(revision => revision["last"] is not null).ToList();
        if (started.Count == 0)
        {
            return;
        }

        console.Line("");
        console.Table(["REVISION", "STARTS", "THAWS", "LAST START", "QUEUE", "SPAWN", "RUNTIME", "PROBE"], [.. started.Select(revision => (IReadOnlyList<string>)
            [
                (string?)revision["revision"] ?? "", revision["starts"]!.ToString(), revision["thaws"]!.ToString(), Milliseconds(revision, "totalMs"),
                Milliseconds(revision, "queueMs"), Milliseconds(revision, "spawnMs"), Milliseconds(revision, "runtimeMs"), Milliseconds(revision, "probeMs"),
            ])]);
    }

    private static string Milliseconds(JsonObject revision, string stage) =>
        string.Create(CultureInfo.InvariantCulture, $"{(double)revision["last"]![stage]!:0.#} ms");
}
