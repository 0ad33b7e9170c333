using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Segments;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary>What there is to ask for: labels, their values, series, and how much of them.</summary>
internal sealed class StreamDoor(LokiApiServices services)
{
    private const long SixHours = 6 * 3_600_000_000_000;
    private const int VolumesMax = 100;

    public Task LabelsAsync(HttpContext context) => AnswerAsync(context, "query", (json, streams, _) =>
        Names(json, streams.SelectMany(stream => stream.Labels.Select(label => label.Name))));

    public Task ValuesAsync(HttpContext context)
    {
        var name = context.Request.RouteValues["name"] as string ?? "";
        return AnswerAsync(context, "query", (json, streams, _) =>
            Names(json, streams.Select(stream => stream.Labels[name]).Where(value => value.Length > 0)));
    }

    public Task SeriesAsync(HttpContext context) => AnswerAsync(context, "match[]", (json, streams, _) =>
    {
        json.WriteStartObject();
        json.WriteString("status", "success");
        json.WriteStartArray("data");
        foreach (var stream in streams)
        {
            json.WriteStartObject();
            foreach (var label in stream.Labels)
            {
                json.WriteString(label.Name, label.Value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public Task StatsAsync(HttpContext context) => AnswerAsync(context, "query", (json, streams, _) =>
    {
        json.WriteStartObject();
        json.WriteNumber("streams", streams.Count);
        json.WriteNumber("chunks", services.Store.Picture().Segments.Sum(segment => segment.Heads.Length));
        json.WriteNumber("entries", streams.Sum(stream => (long)stream.Lines));
        json.WriteNumber("bytes", streams.Sum(stream => stream.Bytes));
        json.WriteEndObject();
    });

    public Task VolumeAsync(HttpContext context) => AnswerAsync(context, "query", (json, streams, parameters) =>
    {
        var targets = parameters.Text("targetLabels")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var volumes = streams
            .GroupBy(stream => targets is null
                ? stream.Labels
                : LabelSet.From(targets.Select(target => KeyValuePair.Create(target, stream.Labels[target]))))
            .Select(group => (Labels: group.Key, Bytes: group.Sum(stream => stream.Bytes)))
            .OrderByDescending(volume => volume.Bytes)
            .Take(VolumesMax);
        json.WriteStartObject();
        json.WriteString("status", "success");
        json.WriteStartObject("data");
        json.WriteString("resultType", "vector");
        json.WriteStartArray("result");
        foreach (var (labels, bytes) in volumes)
        {
            json.WriteStartObject();
            LokiAnswers.Labels(json, "metric", labels);
            json.WriteStartArray("value");
            json.WriteNumberValue(services.Time.GetUtcNow().ToUnixTimeSeconds());
            json.WriteStringValue(bytes.ToString(CultureInfo.InvariantCulture));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private async Task AnswerAsync(HttpContext context, string selector, Action<Utf8JsonWriter, IReadOnlyList<BlockStream>, LokiParameters> write)
    {
        var read = await LokiParameters.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        if (read.Failure is { } failure)
        {
            await LokiAnswers.FailureAsync(context, failure).ConfigureAwait(false);
            return;
        }

        var streams = Streams(read.Value, selector);
        if (streams.Failure is { } wrong)
        {
            await LokiAnswers.FailureAsync(context, wrong).ConfigureAwait(false);
            return;
        }

        await using var json = LokiAnswers.Json(context);
        write(json, streams.Value, read.Value);
        await json.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private Outcome<IReadOnlyList<BlockStream>> Streams(LokiParameters parameters, string selector)
    {
        var now = (services.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var range = parameters.Range(now, SixHours);
        if (range.Failure is { } failure)
        {
            return failure;
        }

        var selectors = parameters.All(selector).Concat(selector == "match[]" ? parameters.All("match") : []).Where(text => !string.IsNullOrWhiteSpace(text) && text != "{}");
        return services.Engine.Streams([.. selectors.Select(text => text!)], range.Value.From, range.Value.To);
    }

    private static void Names(Utf8JsonWriter json, IEnumerable<string> names)
    {
        json.WriteStartObject();
        json.WriteString("status", "success");
        json.WriteStartArray("data");
        foreach (var name in names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
