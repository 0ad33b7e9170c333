using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Telemetry;

/// <summary>What is wrong now, by which rules, and who wants to hear nothing of it.</summary>
internal static class AlertsCommand
{
    private static readonly string[] s_ownLabels = ["alertname", "severity"];

    public static Command Create(TerminalWriter console)
    {
        var command = new Command(
            "alerts",
            "Show alerts that fire or are about to.\n\nExamples:\n  slipway alerts\n  slipway alerts rules\n  slipway alerts silence service=orders --for 2h\n  slipway alerts unsilence ID")
        {
            Rules(console),
            SilenceCommands.Silence(console),
            SilenceCommands.Unsilence(console),
            SilenceCommands.List(console),
        };
        command.Options.Add(TelemetryOptions.Json);
        command.Options.Add(ServerOptions.Home);
        command.SetAction((parsed, cancellation) => ListAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> ListAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        using var telemetry = TelemetryClient.Connect(ServerOptions.Folder(parsed));
        var data = await telemetry.DataAsync("/api/v1/alerts", [], cancellation);
        if (parsed.GetValue(TelemetryOptions.Json))
        {
            console.Line(data.ToJsonString());
            return ExitCodes.Success;
        }

        var alerts = (data["alerts"] as JsonArray ?? []).OfType<JsonObject>()
            .OrderBy(alert => (string?)alert["state"] != "firing").ThenBy(alert => (string?)alert["activeAt"], StringComparer.Ordinal).ToList();
        if (alerts.Count == 0)
        {
            console.Line("No alert fires and none is pending.");
            return ExitCodes.Success;
        }

        console.Table(["STATE", "ALERT", "SEVERITY", "SINCE", "LABELS", "SUMMARY"], [.. alerts.Select(alert => (IReadOnlyList<string>)
        [
            (string?)alert["state"] == "firing" ? console.Red("firing") : console.Yellow((string?)alert["state"] ?? ""),
            Label(alert, "alertname"),
            Label(alert, "severity"),
            Since(alert),
            string.Join(' ', (alert["labels"] as JsonObject ?? []).Where(label => !s_ownLabels.Contains(label.Key)).Select(label => $"{label.Key}={(string?)label.Value}")),
            (string?)alert["annotations"]?["summary"] ?? (string?)alert["annotations"]?["description"] ?? "",
        ])]);
        return ExitCodes.Success;
    }

    private static Command Rules(TerminalWriter console)
    {
        var command = new Command("rules", "Show the rules and how they do. They are resources: `slipway get prometheusrules`.") { TelemetryOptions.Json, ServerOptions.Home };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var telemetry = TelemetryClient.Connect(ServerOptions.Folder(parsed));
            var data = await telemetry.DataAsync("/api/v1/rules", [], cancellation);
            if (parsed.GetValue(TelemetryOptions.Json))
            {
                console.Line(data.ToJsonString());
                return ExitCodes.Success;
            }

            var rows = (data["groups"] as JsonArray ?? []).SelectMany(group => (group!["rules"] as JsonArray ?? []).Select(rule => (IReadOnlyList<string>)
            [
                (string?)group["name"] ?? "",
                (string?)rule!["name"] ?? "",
                (string?)rule["type"] == "recording" ? "records" : (string?)rule["state"] ?? "",
                (string?)rule["health"] == "err" ? console.Red((string?)rule["lastError"] is { Length: > 0 } error ? error : "fails") : (string?)rule["health"] ?? "",
                (string?)rule["query"] ?? "",
            ])).ToList();
            if (rows.Count == 0)
            {
                console.Line("There is no rule. Apply a PrometheusRule with `slipway apply -f FILE`.");
                return ExitCodes.Success;
            }

            console.Table(["GROUP", "RULE", "STATE", "HEALTH", "EXPRESSION"], rows);
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Label(JsonObject alert, string name) => (string?)alert["labels"]?[name] ?? "";

    private static string Since(JsonObject alert) =>
        DateTimeOffset.TryParse((string?)alert["activeAt"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? TimeWords.Of(TimeProvider.System.GetUtcNow() - at)
            : "";
}
