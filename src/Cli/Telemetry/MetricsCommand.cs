using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Telemetry;

/// <summary>Asks a PromQL expression: the values now as a table, or over a time as small charts.</summary>
internal static class MetricsCommand
{
    private const int ChartsMax = 12;

    private static readonly Argument<string> s_expression = new("expression") { Description = "PromQL, such as 'sum by (service) (rate(slipway_gateway_requests_total[5m]))'." };
    private static readonly Option<string?> s_range = new("--range") { Description = "Show how it went over so long, such as 1h." };
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command(
            "metrics",
            "Ask a PromQL expression.\n\nExamples:\n  slipway metrics 'slipway_service_up'\n  slipway metrics 'rate(slipway_gateway_requests_total{service=\"hello\"}[1m])' --range 1h")
        {
            s_expression, s_range, TelemetryOptions.Json, ServerOptions.Home,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var range = parsed.GetValue(s_range) is { } text ? TimeWords.Parse("--range", text) : (TimeSpan?)null;
        using var telemetry = TelemetryClient.Connect(ServerOptions.Folder(parsed));
        var expression = parsed.GetValue(s_expression)!;
        var now = TimeProvider.System.GetUtcNow();
        var width = Math.Clamp(console.Width - 24, 20, 120);
        var data = range is { } over
            ? await telemetry.DataAsync(
                "/api/v1/query_range",
                [
                    ("query", expression), ("start", TimeWords.UnixSeconds(now - over)), ("end", TimeWords.UnixSeconds(now)),
                    ("step", Math.Max(1, over.TotalSeconds / width).ToString("0.###", CultureInfo.InvariantCulture)),
                ],
                cancellation)
            : await telemetry.DataAsync("/api/v1/query", [("query", expression), ("time", TimeWords.UnixSeconds(now))], cancellation);
        if (parsed.GetValue(TelemetryOptions.Json))
        {
            console.Line(data.ToJsonString(s_indented));
        }
        else if (range is { } shown)
        {
            Charts(data, now - shown, now, width, console);
        }
        else
        {
            Table(data, console);
        }

        return ExitCodes.Success;
    }

    private static void Table(JsonNode data, TerminalWriter console)
    {
        switch ((string?)data["resultType"])
        {
            case "vector" when data["result"]!.AsArray() is { Count: > 0 } elements:
                console.Table(["SERIES", "VALUE"], [.. elements.Select(element => (IReadOnlyList<string>)[SeriesName(element!["metric"]!), Figures.Text(ValueOf(element["value"]))])]);
                break;
            case "scalar" or "string":
                console.Line((string?)data["result"]![1] ?? "");
                break;
            case "matrix" when data["result"]!.AsArray() is { Count: > 0 } series:
                foreach (var one in series)
                {
                    console.Line(console.Bold(SeriesName(one!["metric"]!)));
                    foreach (var value in one["values"]!.AsArray())
                    {
                        console.Line($"  {DateTimeOffset.FromUnixTimeMilliseconds((long)((double)value![0]! * 1000)):HH:mm:ss.fff}  {Figures.Text(ValueOf(value))}");
                    }
                }

                break;
            default:
                console.Line("No series fits. A new service has figures after its first scrape, half a minute after it started at most.");
                break;
        }
    }

    private static void Charts(JsonNode data, DateTimeOffset from, DateTimeOffset to, int width, TerminalWriter console)
    {
        var series = data["result"] as JsonArray ?? [];
        if (series.Count == 0)
        {
            console.Line("No series fits in that time.");
            return;
        }

        foreach (var one in series.Take(ChartsMax))
        {
            var points = one!["values"]!.AsArray().Select(value => ((double)value![0]!, ValueOf(value))).ToList();
            console.Line(console.Bold(SeriesName(one["metric"]!)));
            foreach (var line in Chart.Lines(points, TimeWordsOf(from), TimeWordsOf(to), width))
            {
                console.Line("  " + line);
            }

            console.Line();
        }

        if (series.Count > ChartsMax)
        {
            console.Line($"{series.Count - ChartsMax} more series: narrow the expression, or take all with --json.");
        }

        static double TimeWordsOf(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;
    }

    private static double ValueOf(JsonNode? pair) => Figures.Parse((string?)pair![1]);

    private static string SeriesName(JsonNode labels)
    {
        var set = labels.AsObject();
        var inner = string.Join(", ", set.Where(label => label.Key != "__name__").Select(label => $"{label.Key}=\"{(string?)label.Value}\""));
        var name = (string?)set["__name__"] ?? "";
        return inner.Length == 0 && name.Length > 0 ? name : $"{name}{{{inner}}}";
    }
}
