using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Telemetry;

/// <summary>Which requests there were and where their time went: a list of traces, or one of them as a waterfall.</summary>
internal static class TraceCommand
{
    private static readonly Argument<string?> s_id = new("id") { Description = "A trace: 32 hexadecimal digits, as in the list or in a log line.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> s_service = new("--service") { Description = "Traces this service took part in." };
    private static readonly Option<string?> s_min = new("--min") { Description = "Traces that took at least so long, such as 500ms." };
    private static readonly Option<bool> s_errors = new("--errors") { Description = "Traces in which something failed." };
    private static readonly Option<string> s_since = new("--since") { Description = "Traces of the last so long.", DefaultValueFactory = _ => "1h" };
    private static readonly Option<int> s_limit = new("--limit") { Description = "How many, newest first.", DefaultValueFactory = _ => 20 };
    private static readonly Option<bool> s_logs = new("--logs") { Description = "The log lines of the trace below it." };
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command(
            "trace",
            "Show where the time of requests went.\n\nSlow requests and those that failed are always kept, of the others a share (SLIPWAY_TELEMETRY_TRACE_RATIO).\n\nExamples:\n  slipway trace --service orders --min 500ms\n  slipway trace --errors --since 24h\n  slipway trace 4bf92f3577b34da6a3ce929d0e0e4736 --logs")
        {
            s_id, s_service, s_min, s_errors, s_since, s_limit, s_logs, TelemetryOptions.Json, ServerOptions.Home,
        };
        command.SetAction((parsed, cancellation) => parsed.GetValue(s_id) is { } id ? ShowAsync(parsed, id, console, cancellation) : ListAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> ListAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        if (parsed.GetValue(s_logs))
        {
            throw new CliFailure("--logs: name the trace whose lines are wanted, such as `slipway trace ID --logs`.", ExitCodes.Usage);
        }

        var since = TimeWords.Parse("--since", parsed.GetValue(s_since)!);
        var conditions = new List<string>();
        if (parsed.GetValue(s_service) is { } service)
        {
            conditions.Add($"resource.service.name = \"{service.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        if (parsed.GetValue(s_errors))
        {
            conditions.Add("status = error");
        }

        using var telemetry = TelemetryClient.Connect(ServerOptions.Folder(parsed));
        var now = TimeProvider.System.GetUtcNow();
        var answer = await telemetry.GetAsync(
            "/api/search",
            [
                ("q", conditions.Count == 0 ? null : $"{{ {string.Join(" && ", conditions)} }}"),
                ("minDuration", parsed.GetValue(s_min) is { } min ? $"{TimeWords.Parse("--min", min).TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture)}ms" : null),
                ("start", (now - since).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
                ("end", (now.ToUnixTimeSeconds() + 1).ToString(CultureInfo.InvariantCulture)),
                ("limit", Math.Clamp(parsed.GetValue(s_limit), 1, 1000).ToString(CultureInfo.InvariantCulture)),
            ],
            cancellation);
        var traces = (answer["traces"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        if (parsed.GetValue(TelemetryOptions.Json))
        {
            console.Line(answer.ToJsonString(s_indented));
        }
        else if (traces.Count == 0)
        {
            console.Line($"No trace fits in the last {TimeWords.Of(since)}.");
        }
        else
        {
            console.Table(["TRACE", "AT", "TIME", "SERVICE", "REQUEST"], [.. traces.Select(trace => (IReadOnlyList<string>)
                [(string?)trace["traceID"] ?? "", Clock(trace["startTimeUnixNano"]), Took(trace), (string?)trace["rootServiceName"] ?? "", (string?)trace["rootTraceName"] ?? ""])]);
        }

        return ExitCodes.Success;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, string id, TerminalWriter console, CancellationToken cancellation)
    {
        if (id.Length is 0 or > 32 || !id.All(char.IsAsciiHexDigit))
        {
            throw new CliFailure($"id: a trace is named by up to 32 hexadecimal digits, not \"{id}\".", ExitCodes.Usage);
        }

        using var telemetry = TelemetryClient.Connect(ServerOptions.Folder(parsed));
        var answer = await telemetry.GetAsync($"/api/traces/{id.ToLowerInvariant()}", [], cancellation);
        if (parsed.GetValue(TelemetryOptions.Json))
        {
            console.Line(answer.ToJsonString(s_indented));
            return ExitCodes.Success;
        }

        var trace = TracePicture.Read(answer);
        if (trace.Spans.Count == 0)
        {
            throw new CliFailure($"there is no trace {id}: it was not kept, or it is older than the retention.");
        }

        var services = trace.Spans.Select(span => span.Service).Distinct().Count();
        var failed = trace.Spans.Count(span => span.Failed);
        console.Line($"{console.Bold(id)}  {At(trace.Start):yyyy-MM-dd HH:mm:ss.fff}  {TimeWords.OfMilliseconds((trace.End - trace.Start) / 1e6)}  {trace.Spans.Count} spans of {services} services{(failed > 0 ? console.Red($"  {failed} failed") : "")}");
        console.Line();
        foreach (var line in Waterfall.Lines(trace, console, console.Width))
        {
            console.Line(line);
        }

        if (parsed.GetValue(s_logs))
        {
            await LogsAsync(telemetry, id, trace, console, cancellation);
        }

        return ExitCodes.Success;
    }

    private static async Task LogsAsync(TelemetryClient telemetry, string id, TracePicture trace, TerminalWriter console, CancellationToken cancellation)
    {
        var around = TimeSpan.FromMinutes(1);
        var lines = await KeptLines.ReadAsync(telemetry, $"{{namespace=~\".+\"}} |= \"{id.ToLowerInvariant()}\"", At(trace.Start) - around, At(trace.End) + around, 1_000, cancellation);
        console.Line();
        if (lines.Count == 0)
        {
            console.Line("No line carries this trace.");
        }

        foreach (var line in lines)
        {
            console.Line(LineText.Of(line, console));
        }
    }

    private static string Took(JsonObject trace) =>
        double.TryParse(trace["durationMs"]?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) ? TimeWords.OfMilliseconds(milliseconds) : "<1 ms";

    private static string Clock(JsonNode? nanoseconds) =>
        long.TryParse(nanoseconds?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? At(at).ToString("MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) : "";

    private static DateTimeOffset At(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100).ToLocalTime();
}
