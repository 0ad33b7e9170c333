using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary>Writes answers in the forms of Loki.</summary>
internal static class LokiAnswers
{
    private const int FlushBytes = 64 << 10;

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Utf8JsonWriter Json(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=UTF-8";
        return new Utf8JsonWriter(context.Response.Body, s_options);
    }

    public static Utf8JsonWriter Json(Stream stream) => new(stream, s_options);

    public static async Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text + "\n"), context.RequestAborted).ConfigureAwait(false);
    }

    public static Task FailureAsync(HttpContext context, Failure failure) => TextAsync(context, failure switch
    {
        { Code: "query-timeout" } => StatusCodes.Status504GatewayTimeout,
        { Code: "query-too-large" } => StatusCodes.Status400BadRequest,
        { Kind: FailureKind.Exhausted } => StatusCodes.Status429TooManyRequests,
        { Kind: FailureKind.Unavailable } => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    }, failure.Detail);

    public static async Task LinesAsync(HttpContext context, LogLines lines)
    {
        await using var json = Json(context);
        Begin(json, "streams");
        foreach (var stream in lines.Lines.GroupBy(line => line.Labels))
        {
            json.WriteStartObject();
            Labels(json, "stream", stream.Key);
            json.WriteStartArray("values");
            foreach (var line in stream)
            {
                Value(json, line);
                if (json.BytesPending > FlushBytes)
                {
                    await json.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        End(json, lines.Figures, lines.Lines.Count, []);
        await json.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    public static void Value(Utf8JsonWriter json, LogLine line)
    {
        json.WriteStartArray();
        json.WriteStringValue(line.Nanoseconds.ToString(CultureInfo.InvariantCulture));
        json.WriteStringValue(line.Line);
        json.WriteEndArray();
    }

    public static async Task NumbersAsync(HttpContext context, QueryResult result, QueryFigures figures)
    {
        await using var json = Json(context);
        switch (result)
        {
            case ScalarResult scalar:
                json.WriteStartObject();
                json.WriteString("status", "success");
                json.WriteStartObject("data");
                json.WriteString("resultType", "scalar");
                json.WritePropertyName("result");
                Sample(json, scalar.Sample);
                Close(json, figures, 1, result.Warnings);
                break;
            case VectorResult vector:
                Begin(json, "vector");
                foreach (var element in vector.Elements)
                {
                    json.WriteStartObject();
                    Labels(json, "metric", element.Labels);
                    json.WritePropertyName("value");
                    Sample(json, element.Sample);
                    json.WriteEndObject();
                }

                End(json, figures, vector.Elements.Count, result.Warnings);
                break;
            default:
                await MatrixAsync(json, (MatrixResult)result, context.RequestAborted).ConfigureAwait(false);
                End(json, figures, ((MatrixResult)result).Series.Count, result.Warnings);
                break;
        }

        await json.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task MatrixAsync(Utf8JsonWriter json, MatrixResult matrix, CancellationToken cancellation)
    {
        Begin(json, "matrix");
        foreach (var series in matrix.Series)
        {
            json.WriteStartObject();
            Labels(json, "metric", series.Labels);
            json.WriteStartArray("values");
            Samples(json, series.Samples.Span);
            json.WriteEndArray();
            json.WriteEndObject();
            if (json.BytesPending > FlushBytes)
            {
                await json.FlushAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private static void Samples(Utf8JsonWriter json, ReadOnlySpan<Sample> samples)
    {
        foreach (var sample in samples)
        {
            Sample(json, sample);
        }
    }

    private static void Sample(Utf8JsonWriter json, Sample sample)
    {
        json.WriteStartArray();
        json.WriteNumberValue(sample.At / 1_000m);
        json.WriteStringValue(Number(sample.Value));
        json.WriteEndArray();
    }

    /// <summary>Digits without an exponent, as far as that is sensible.</summary>
    internal static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }

        return value != 0 && Math.Abs(value) is < 1e-4 and > 1e-20 or >= 1e15 and < 1e27
            ? ((decimal)value).ToString(CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
    }

    public static void Labels(Utf8JsonWriter json, string name, LabelSet labels)
    {
        json.WriteStartObject(name);
        foreach (var label in labels)
        {
            json.WriteString(label.Name, label.Value);
        }

        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteString("status", "success");
        json.WriteStartObject("data");
        json.WriteString("resultType", kind);
        json.WriteStartArray("result");
    }

    private static void End(Utf8JsonWriter json, QueryFigures figures, int returned, IReadOnlyList<string> warnings)
    {
        json.WriteEndArray();
        Close(json, figures, returned, warnings);
    }

    private static void Close(Utf8JsonWriter json, QueryFigures figures, int returned, IReadOnlyList<string> warnings)
    {
        json.WriteStartObject("stats");
        json.WriteStartObject("summary");
        var seconds = Math.Max(figures.Elapsed.TotalSeconds, 1e-6);
        json.WriteNumber("bytesProcessedPerSecond", (long)(figures.Bytes / seconds));
        json.WriteNumber("linesProcessedPerSecond", (long)(figures.Lines / seconds));
        json.WriteNumber("totalBytesProcessed", figures.Bytes);
        json.WriteNumber("totalLinesProcessed", figures.Lines);
        json.WriteNumber("execTime", figures.Elapsed.TotalSeconds);
        json.WriteNumber("queueTime", 0);
        json.WriteNumber("subqueries", 0);
        json.WriteNumber("totalEntriesReturned", returned);
        json.WriteEndObject();
        json.WriteStartObject("querier");
        json.WriteStartObject("store");
        json.WriteNumber("totalChunksRef", figures.Blocks + figures.BlocksPassedOver);
        json.WriteNumber("totalChunksDownloaded", figures.Blocks);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("ingester");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        if (warnings.Count > 0)
        {
            json.WriteStartArray("warnings");
            foreach (var warning in warnings)
            {
                json.WriteStringValue(warning);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
