using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Telemetry;

/// <summary>What every service does and uses, again and again until somebody has seen enough.</summary>
internal static class TopCommand
{
    private static readonly Option<bool> s_once = new("--once") { Description = "Show it once and end; so it is when the output is no terminal." };
    private static readonly Option<bool> s_instances = new("--instances", "-i") { Description = "The instances of every service too." };
    private static readonly Option<string?> s_namespace = new("--namespace", "-n") { Description = "Only this namespace." };
    private static readonly Option<string> s_every = new("--every") { Description = "How often the table is drawn anew.", DefaultValueFactory = _ => "2s" };

    public static Command Create(TerminalWriter console)
    {
        var command = new Command(
            "top",
            "Show what services do and use: requests, errors, times, instances, processor, memory.\n\nRates are those of the last minute. Examples:\n  slipway top\n  slipway top --instances --once\n  slipway top --json")
        {
            s_once, s_instances, s_namespace, s_every, TelemetryOptions.Json, ServerOptions.Home,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TerminalWriter console, CancellationToken cancellation)
    {
        var every = TimeWords.Parse("--every", parsed.GetValue(s_every)!);
        using var telemetry = TelemetryClient.Connect(ServerOptions.Folder(parsed));
        var json = parsed.GetValue(TelemetryOptions.Json);
        var live = console.IsTerminal && !json && !parsed.GetValue(s_once);
        while (true)
        {
            var now = TimeProvider.System.GetUtcNow();
            var rows = await TopFigures.ReadAsync(telemetry, now, parsed.GetValue(s_instances), parsed.GetValue(s_namespace), cancellation);
            if (json)
            {
                console.Line(new JsonObject { ["items"] = new JsonArray([.. rows.Select(Json)]) }.ToJsonString());
                return ExitCodes.Success;
            }

            if (live)
            {
                // Home, then draw over what is there, then clear the rest: no flicker.
                console.Output.Write("\e[H\e[J");
                console.Line($"{console.Bold("slipway top")}  {now.ToLocalTime():HH:mm:ss}  {console.Dim("Ctrl-C ends it")}");
                console.Line();
            }

            Draw(rows, console);
            if (!live)
            {
                return ExitCodes.Success;
            }

            await Task.Delay(every, TimeProvider.System, cancellation);
        }
    }

    private static void Draw(IReadOnlyList<TopRow> rows, TerminalWriter console)
    {
        if (rows.Count == 0)
        {
            console.Line("No service has figures yet. They come with the first scrape, some seconds after a service is deployed.");
            return;
        }

        var namespaces = rows.Select(row => row.Namespace).Distinct().Count() > 1;
        console.Table(
            ["SERVICE", "UP", "REQ/S", "ERRORS", "P50", "P95", "READY", "FROZEN", "CPU", "MEMORY", "RESTARTS"],
            [.. rows.Select(row => (IReadOnlyList<string>)
            [
                NameOf(row, namespaces),
                row.Up switch { true => console.Green("yes"), false => console.Red("no"), null => row.Instance.Length > 0 ? "" : "-" },
                Cell(row, row.Requests, "0.##"),
                row.ErrorShare is > 0 ? console.Red(Figures.Or(row.ErrorShare * 100, "0.##", " %")) : Cell(row, row.ErrorShare * 100, "0.##", " %"),
                Milliseconds(row, row.Median),
                Milliseconds(row, row.P95),
                Cell(row, row.Ready, "0"),
                Cell(row, row.Frozen, "0"),
                Figures.Or(row.Cores * 100, "0.#", " %"),
                Figures.Bytes(row.MemoryBytes),
                Cell(row, row.Restarts, "0"),
            ])]);
    }

    private static string NameOf(TopRow row, bool namespaces)
    {
        var service = namespaces ? $"{row.Namespace}/{row.Service}" : row.Service;
        return row.Instance.Length == 0 ? service : $"  {row.Instance}";
    }

    /// <summary>What is counted per service only stays empty in the rows of instances.</summary>
    private static string Cell(TopRow row, double? value, string format, string suffix = "") => row.Instance.Length > 0 && value is null ? "" : Figures.Or(value, format, suffix);

    private static string Milliseconds(TopRow row, double? seconds) => row.Instance.Length > 0 ? "" : seconds is { } value && double.IsFinite(value) ? TimeWords.OfMilliseconds(value * 1000) : "-";

    private static JsonObject Json(TopRow row) => new()
    {
        ["namespace"] = row.Namespace,
        ["service"] = row.Service,
        ["instance"] = row.Instance.Length == 0 ? null : row.Instance,
        ["up"] = row.Up,
        ["requestsPerSecond"] = Finite(row.Requests),
        ["errorShare"] = Finite(row.ErrorShare),
        ["p50Seconds"] = Finite(row.Median),
        ["p95Seconds"] = Finite(row.P95),
        ["ready"] = Finite(row.Ready),
        ["frozen"] = Finite(row.Frozen),
        ["cpuCores"] = Finite(row.Cores),
        ["memoryBytes"] = Finite(row.MemoryBytes),
        ["restarts"] = Finite(row.Restarts),
    };

    private static JsonValue? Finite(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;
}
