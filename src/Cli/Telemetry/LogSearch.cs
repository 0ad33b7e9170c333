using System.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Cli.Up;

namespace Slipway.Cli.Telemetry;

/// <summary>The part of <c>slipway logs</c> that searches the log store.</summary>
internal static class LogSearch
{
    private const int LinesStandard = 1_000;
    private const int LinesMax = 5_000;

    private static readonly Option<string?> s_since = new("--since") { Description = "Lines of the last so long, such as 1h; default 1h when searching." };
    private static readonly Option<string?> s_level = new("--level") { Description = "Lines at least this grave: trace, debug, info, warning, error or critical." };
    private static readonly Option<string?> s_trace = new("--trace") { Description = "Lines of one trace, of whatever service." };
    private static readonly Option<string?> s_grep = new("--grep") { Description = "Lines that contain this text." };
    private static readonly Option<string?> s_query = new("--query") { Description = "A LogQL query of your own instead." };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { s_since, s_level, s_trace, s_grep, s_query, TelemetryOptions.Json })
        {
            command.Options.Add(option);
        }
    }

    public static bool IsAsked(ParseResult parsed) =>
        parsed.GetValue(TelemetryOptions.Json) || new[] { s_since, s_level, s_trace, s_grep, s_query }.Any(option => parsed.GetValue(option) is not null);

    public static async Task<int> RunAsync(ParseResult parsed, string? word, bool follow, int? tail, TerminalWriter console, CancellationToken cancellation)
    {
        var since = TimeWords.Parse("--since", parsed.GetValue(s_since) ?? "1h");
        var limit = tail is { } lines ? Math.Clamp(lines, 1, LinesMax) : parsed.GetValue(s_since) is null ? LinesStandard : LinesMax;
        var query = QueryOf(parsed, word);
        using var telemetry = TelemetryClient.Connect(ServerOptions.Folder(parsed));
        var now = TimeProvider.System.GetUtcNow();
        var found = await KeptLines.ReadAsync(telemetry, query, now - since, now, limit, cancellation);
        foreach (var line in found)
        {
            Show(line);
        }

        if (found.Count == limit)
        {
            console.Progress($"These are the newest {limit} lines; take a shorter --since or search for more.");
        }

        if (follow)
        {
            await KeptLines.FollowAsync(telemetry, query, now, Show, cancellation);
        }
        else if (found.Count == 0)
        {
            console.Progress($"No line fits {query} in the last {TimeWords.Of(since)}.");
        }

        return ExitCodes.Success;

        void Show(KeptLine line) => console.Line(parsed.GetValue(TelemetryOptions.Json) ? LineText.Json(line) : LineText.Of(line, console));
    }

    private static string QueryOf(ParseResult parsed, string? word)
    {
        if (parsed.GetValue(s_query) is not { } query)
        {
            return LogQuestion.Of(
                parsed.GetValue(SharedOptions.Namespace)!, word, parsed.GetValue(s_level), parsed.GetValue(s_trace), parsed.GetValue(s_grep));
        }

        if (word is not null || new[] { s_level, s_trace, s_grep }.Any(option => parsed.GetValue(option) is not null))
        {
            throw new CliFailure("--query: say everything in the query; SERVICE, --level, --trace and --grep do not go with it.", ExitCodes.Usage);
        }

        return query;
    }
}
