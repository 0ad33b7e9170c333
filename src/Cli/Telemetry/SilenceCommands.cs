using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Telemetry;

/// <summary>Keeping quiet about alerts for a while, and not any more.</summary>
internal static class SilenceCommands
{
    private static readonly Argument<string[]> s_matchers = new("matcher") { Description = "Alerts with these labels: LABEL=VALUE, LABEL=~PATTERN, LABEL!=VALUE.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> s_for = new("--for") { Description = "How long.", DefaultValueFactory = _ => "2h" };
    private static readonly Option<string> s_comment = new("--comment") { Description = "Why, for whoever wonders.", DefaultValueFactory = _ => "" };
    private static readonly Argument<string> s_id = new("id") { Description = "The silence, as `slipway alerts silences` shows it." };

    public static Command Silence(TerminalWriter console)
    {
        var command = new Command("silence", "Send no notification of alerts with these labels for a while.\n\nExample:\n  slipway alerts silence service=orders alertname=HighErrors --for 2h --comment \"known, being mended\"")
        {
            s_matchers, s_for, s_comment, ServerOptions.Home,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var matchers = parsed.GetValue(s_matchers)!.Select(SilenceMatcher.Parse).ToList();
            var length = TimeWords.Parse("--for", parsed.GetValue(s_for)!);
            using var telemetry = TelemetryClient.Connect(ServerOptions.Folder(parsed));
            var now = TimeProvider.System.GetUtcNow();
            var answer = await telemetry.PostAsync(
                "/api/v2/silences",
                new JsonObject
                {
                    ["matchers"] = new JsonArray([.. matchers.Select(matcher => matcher.ToJson())]),
                    ["startsAt"] = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                    ["endsAt"] = (now + length).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                    ["createdBy"] = Environment.UserName,
                    ["comment"] = parsed.GetValue(s_comment) is { Length: > 0 } comment ? comment : "silenced with slipway",
                },
                cancellation);
            console.Line($"Silence {(string?)answer["silenceID"]}: alerts with {string.Join(", ", matchers)} are quiet for {TimeWords.Of(length)}.");
            console.Line($"End it with `slipway alerts unsilence {(string?)answer["silenceID"]}`.");
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command Unsilence(TerminalWriter console)
    {
        var command = new Command("unsilence", "End a silence.") { s_id, ServerOptions.Home };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var telemetry = TelemetryClient.Connect(ServerOptions.Folder(parsed));
            await telemetry.DeleteAsync($"/api/v2/silence/{Uri.EscapeDataString(parsed.GetValue(s_id)!)}", cancellation);
            console.Line($"Silence {parsed.GetValue(s_id)} has ended.");
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command List(TerminalWriter console)
    {
        var command = new Command("silences", "Show the silences that hold or will.") { TelemetryOptions.Json, ServerOptions.Home };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var telemetry = TelemetryClient.Connect(ServerOptions.Folder(parsed));
            var answer = await telemetry.GetAsync("/api/v2/silences", [], cancellation);
            if (parsed.GetValue(TelemetryOptions.Json))
            {
                console.Line(answer.ToJsonString());
                return ExitCodes.Success;
            }

            var silences = answer.AsArray().OfType<JsonObject>().Where(silence => (string?)silence["status"]?["state"] != "expired").ToList();
            if (silences.Count == 0)
            {
                console.Line("No silence holds.");
                return ExitCodes.Success;
            }

            console.Table(["SILENCE", "STATE", "UNTIL", "ALERTS", "BY", "COMMENT"], [.. silences.Select(silence => (IReadOnlyList<string>)
            [
                (string?)silence["id"] ?? "",
                (string?)silence["status"]?["state"] ?? "",
                (string?)silence["endsAt"] ?? "",
                string.Join(", ", (silence["matchers"] as JsonArray ?? []).Select(MatcherText)),
                (string?)silence["createdBy"] ?? "",
                (string?)silence["comment"] ?? "",
            ])]);
            return ExitCodes.Success;
        });
        return command;
    }

    private static string MatcherText(JsonNode? matcher) => new SilenceMatcher(
        (string?)matcher!["name"] ?? "", (string?)matcher["value"] ?? "", (bool?)matcher["isRegex"] ?? false, (bool?)matcher["isEqual"] ?? true).ToString();
}
