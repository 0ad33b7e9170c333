using Microsoft.AspNetCore.Http;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary><c>targets</c>: what is scraped.</summary>
internal sealed class TargetsEndpoint(ITargetBook book)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var state = context.Request.Query["state"].ToString();
        var pool = context.Request.Query["scrapePool"].ToString();
        var targets = string.Equals(state, "dropped", StringComparison.OrdinalIgnoreCase) ? [] : book.Targets().Where(target => pool.Length == 0 || target.Pool == pool);
        await ApiAnswer.SucceedAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("activeTargets");
            foreach (var target in targets)
            {
                json.WriteStartObject();
                json.WritePropertyName("discoveredLabels");
                ApiAnswer.WriteLabels(json, [new Label("__address__", target.Url.Authority), new Label("__metrics_path__", target.Url.AbsolutePath), new Label("__scheme__", target.Url.Scheme)]);
                json.WritePropertyName("labels");
                ApiAnswer.WriteLabels(json, target.Labels);
                json.WriteString("scrapePool", target.Pool);
                json.WriteString("scrapeUrl", target.Url.AbsoluteUri);
                json.WriteString("globalUrl", target.Url.AbsoluteUri);
                json.WriteString("lastError", target.LastError);
                json.WriteString("lastScrape", target.LastScrape ?? default);
                json.WriteNumber("lastScrapeDuration", target.LastDuration.TotalSeconds);
                json.WriteString("health", target.Health);
                json.WriteString("scrapeInterval", PromQlDuration.Write((long)target.Interval.TotalMilliseconds));
                json.WriteString("scrapeTimeout", PromQlDuration.Write((long)target.Timeout.TotalMilliseconds));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("droppedTargets");
            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>What metrics mean is kept per metric, not per target; <c>metadata</c> tells it.</summary>
    public static Task MetadataAsync(HttpContext context) => ApiAnswer.SucceedAsync(context, json =>
    {
        json.WriteStartArray();
        json.WriteEndArray();
    });
}
