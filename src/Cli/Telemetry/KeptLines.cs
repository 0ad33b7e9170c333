using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Telemetry;

/// <param name="Nanoseconds">Since 1970, UTC.</param>
internal sealed record KeptLine(long Nanoseconds, string Service, string Instance, string Stream, string Level, string Text)
{
    public DateTimeOffset At => DateTimeOffset.UnixEpoch.AddTicks(Nanoseconds / 100);
}

/// <summary>Lines out of the log store, those of instances that are long gone among them.</summary>
internal static class KeptLines
{
    /// <summary>Lines may become visible a little after their time; so far back is looked again while following.</summary>
    private static readonly TimeSpan s_overlap = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private const int PageMax = 5_000;

    /// <returns>The newest lines of the time that fit, oldest first.</returns>
    public static async Task<IReadOnlyList<KeptLine>> ReadAsync(
        TelemetryClient telemetry, string query, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellation)
    {
        var data = await telemetry.DataAsync(
            "/loki/api/v1/query_range",
            [
                ("query", query), ("start", TimeWords.UnixNanoseconds(from)), ("end", TimeWords.UnixNanoseconds(to)),
                ("limit", limit.ToString(CultureInfo.InvariantCulture)), ("direction", "backward"),
            ],
            cancellation);
        if ((string?)data["resultType"] is not "streams")
        {
            throw new CliFailure("--query: this asks for numbers, not for lines; ask it with `slipway metrics` where it is PromQL.", ExitCodes.Usage);
        }

        return [.. data["result"]!.AsArray().SelectMany(LinesOf).OrderBy(line => line.Nanoseconds)];
    }

    public static async Task FollowAsync(
        TelemetryClient telemetry, string query, DateTimeOffset from, Action<KeptLine> show, CancellationToken cancellation)
    {
        var shown = new HashSet<KeptLine>();
        while (true)
        {
            await Task.Delay(s_pause, TimeProvider.System, cancellation);
            var now = TimeProvider.System.GetUtcNow();
            var earliest = now - s_overlap > from ? now - s_overlap : from;
            foreach (var line in await ReadAsync(telemetry, query, earliest, now + s_overlap, PageMax, cancellation))
            {
                if (shown.Add(line))
                {
                    show(line);
                }
            }

            shown.RemoveWhere(line => line.At < now - s_overlap - s_overlap);
        }
    }

    private static IEnumerable<KeptLine> LinesOf(JsonNode? stream)
    {
        var labels = stream!["stream"]!;
        return stream["values"]!.AsArray().Select(value => new KeptLine(
            long.Parse((string)value![0]!, CultureInfo.InvariantCulture),
            (string?)labels["service"] ?? "",
            (string?)labels["instance"] ?? "",
            (string?)labels["stream"] ?? "",
            (string?)labels["level"] ?? "",
            (string)value[1]!));
    }
}
