using Microsoft.AspNetCore.Http;
using Slipway.Telemetry.Metrics;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary><c>metadata</c>: what metrics mean.</summary>
internal sealed class MetadataEndpoint(ISeriesReader series)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var read = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        var limit = read.Failure is { } unreadable ? unreadable : read.Value.Limit();
        if (limit.Failure is { } failure)
        {
            await ApiAnswer.FailAsync(context, failure).ConfigureAwait(false);
            return;
        }

        var metric = read.Value.Text("metric");
        var known = series.Metadata().Where(metadata => metric.Length == 0 || metadata.Metric == metric)
            .GroupBy(metadata => metadata.Metric).OrderBy(group => group.Key, StringComparer.Ordinal).Take(limit.Value);
        await ApiAnswer.SucceedAsync(context, json =>
        {
            json.WriteStartObject();
            foreach (var group in known)
            {
                json.WriteStartArray(group.Key);
                foreach (var metadata in group.DistinctBy(metadata => (metadata.Kind, metadata.Help, metadata.Unit)))
                {
                    json.WriteStartObject();
                    json.WriteString("type", metadata.Kind);
                    json.WriteString("help", metadata.Help);
                    json.WriteString("unit", metadata.Unit);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }).ConfigureAwait(false);
    }
}
