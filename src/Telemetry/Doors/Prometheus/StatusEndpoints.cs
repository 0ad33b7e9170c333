using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary><c>status/…</c>: what answers here, and how it is set.</summary>
internal sealed class StatusEndpoints(PrometheusApiServices services, QueryGate gate, DateTimeOffset started)
{
    /// <summary>The version whose language and API this is; clients choose by it what they may ask.</summary>
    private const string SpokenVersion = "2.42.0";

    private const int TopMax = 10;

    public Task BuildAsync(HttpContext context) => ObjectAsync(context, json =>
    {
        json.WriteString("version", SpokenVersion);
        json.WriteString("revision", services.Version);
        json.WriteString("branch", "slipway");
        json.WriteString("buildUser", "");
        json.WriteString("buildDate", "");
        json.WriteString("goVersion", "");
    });

    public Task RuntimeAsync(HttpContext context) => ObjectAsync(context, json =>
    {
        json.WriteString("startTime", started);
        json.WriteString("CWD", "");
        json.WriteBoolean("reloadConfigSuccess", true);
        json.WriteString("lastConfigTime", started);
        json.WriteNumber("corruptionCount", 0);
        json.WriteNumber("goroutineCount", ThreadPool.ThreadCount);
        json.WriteNumber("GOMAXPROCS", Environment.ProcessorCount);
        json.WriteString("GOGC", "");
        json.WriteString("GODEBUG", "");
        json.WriteString("storageRetention", Retention);
    });

    public Task FlagsAsync(HttpContext context) => ObjectAsync(context, json =>
    {
        var options = services.Engine.Options;
        json.WriteString("query.lookback-delta", PromQlDuration.Write(options.LookbackMilliseconds));
        json.WriteString("query.max-concurrency", services.QueriesAtOnceMax.ToString(CultureInfo.InvariantCulture));
        json.WriteString("query.max-samples", options.SamplesMax.ToString(CultureInfo.InvariantCulture));
        json.WriteString("query.timeout", PromQlDuration.Write((long)options.Timeout.TotalMilliseconds));
        json.WriteString("storage.tsdb.retention.time", Retention);
    });

    public static Task ConfigurationAsync(HttpContext context) => ObjectAsync(context, json => json.WriteString("yaml", ""));

    public async Task StorageAsync(HttpContext context)
    {
        var to = services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var from = to - (long)TimeSpan.FromHours(2).TotalMilliseconds;
        var read = await gate.RunAsync(
            _ => (Outcome<IReadOnlyList<LabelSet>>)services.Series.Series([new LabelMatcher(LabelSet.MetricName, MatchKind.NotEqual, "")], from, to).ToArray(), context.RequestAborted).ConfigureAwait(false);
        if (read.Failure is { } failure)
        {
            await ApiAnswer.FailAsync(context, failure).ConfigureAwait(false);
            return;
        }

        var pairs = read.Value.SelectMany(labels => labels).CountBy(label => label).ToDictionary();
        await ObjectAsync(context, json =>
        {
            json.WriteStartObject("headStats");
            json.WriteNumber("numSeries", read.Value.Count);
            json.WriteNumber("numLabelPairs", pairs.Count);
            json.WriteNumber("chunkCount", 0);
            json.WriteNumber("minTime", from);
            json.WriteNumber("maxTime", to);
            json.WriteEndObject();
            WriteTop(json, "seriesCountByMetricName", read.Value.CountBy(labels => labels.Metric));
            WriteTop(json, "labelValueCountByLabelName", pairs.Keys.CountBy(label => label.Name));
            WriteTop(json, "memoryInBytesByLabelName", pairs.Keys.GroupBy(label => label.Name).Select(group => KeyValuePair.Create(group.Key, group.Sum(label => label.Value.Length))));
            WriteTop(json, "seriesCountByLabelValuePair", pairs.Select(pair => KeyValuePair.Create($"{pair.Key.Name}={pair.Key.Value}", pair.Value)));
        }).ConfigureAwait(false);
    }

    private string Retention => PromQlDuration.Write((long)services.Retention.TotalMilliseconds);

    private static void WriteTop(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, int>> counts)
    {
        json.WriteStartArray(name);
        foreach (var (key, count) in counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(TopMax))
        {
            json.WriteStartObject();
            json.WriteString("name", key);
            json.WriteNumber("value", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static Task ObjectAsync(HttpContext context, Action<Utf8JsonWriter> properties) => ApiAnswer.SucceedAsync(context, json =>
    {
        json.WriteStartObject();
        properties(json);
        json.WriteEndObject();
    });
}
