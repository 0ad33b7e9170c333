using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Metrics;
using Slipway.Telemetry.PromQl.Syntax;
using Slipway.Telemetry.Queries;

namespace Slipway.Telemetry.Doors.Prometheus;

/// <summary>Answers in the form of Prometheus, written while they are sent so that a large one is not held twice.</summary>
internal static class ApiAnswer
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>It is never put into a page, so a plus sign may stay one.</summary>
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static async Task SucceedAsync(HttpContext context, Action<Utf8JsonWriter> data, IReadOnlyList<string>? warnings = null)
    {
        await SucceedAsync(context, (json, _) =>
        {
            data(json);
            return Task.CompletedTask;
        }, warnings).ConfigureAwait(false);
    }

    public static Task SucceedAsync(HttpContext context, QueryResult result) => SucceedAsync(context, async (json, flush) =>
    {
        json.WriteStartObject();
        json.WriteString("resultType", result switch
        {
            ScalarResult => "scalar",
            TextResult => "string",
            VectorResult => "vector",
            _ => "matrix",
        });
        json.WritePropertyName("result");
        switch (result)
        {
            case ScalarResult scalar:
                WriteAlone(json, scalar.Sample.At, PromQlNumber.Plain(scalar.Sample.Value));
                break;
            case TextResult text:
                WriteAlone(json, text.At, text.Text);
                break;
            case VectorResult vector:
                json.WriteStartArray();
                foreach (var element in vector.Elements)
                {
                    json.WriteStartObject();
                    json.WritePropertyName("metric");
                    WriteLabels(json, element.Labels);
                    json.WritePropertyName("value");
                    WriteSample(json, element.Sample);
                    json.WriteEndObject();
                    await flush().ConfigureAwait(false);
                }

                json.WriteEndArray();
                break;
            case MatrixResult matrix:
                json.WriteStartArray();
                foreach (var series in matrix.Series)
                {
                    json.WriteStartObject();
                    json.WritePropertyName("metric");
                    WriteLabels(json, series.Labels);
                    json.WriteStartArray("values");
                    for (var index = 0; index < series.Samples.Length; index++)
                    {
                        WriteSample(json, series.Samples.Span[index]);
                        await flush().ConfigureAwait(false);
                    }

                    json.WriteEndArray();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                break;
        }

        json.WriteEndObject();
    }, result.Warnings);

    /// <summary>The kinds of errors Prometheus has, with the statuses it gives them.</summary>
    public static async Task FailAsync(HttpContext context, Failure failure)
    {
        var (status, kind) = failure switch
        {
            { Kind: FailureKind.Malformed } => (StatusCodes.Status400BadRequest, "bad_data"),
            { Kind: FailureKind.Unavailable, Code: PromQl.PromQlEngine.QueryTimeout } => (StatusCodes.Status503ServiceUnavailable, "timeout"),
            { Kind: FailureKind.Unavailable } => (StatusCodes.Status503ServiceUnavailable, "unavailable"),
            { Kind: FailureKind.NotFound } => (StatusCodes.Status404NotFound, "not_found"),
            _ => (StatusCodes.Status422UnprocessableEntity, "execution"),
        };
        context.Response.StatusCode = status;
        await WriteAsync(context, (json, _) =>
        {
            json.WriteString("status", "error");
            json.WriteString("errorType", kind);
            json.WriteString("error", failure.Detail);
            return Task.CompletedTask;
        }).ConfigureAwait(false);
    }

    public static void WriteLabels(Utf8JsonWriter json, IEnumerable<Label> labels)
    {
        json.WriteStartObject();
        foreach (var label in labels)
        {
            json.WriteString(label.Name, label.Value);
        }

        json.WriteEndObject();
    }

    public static void WriteSample(Utf8JsonWriter json, Sample sample)
    {
        json.WriteStartArray();
        WriteTime(json, sample.At);
        json.WriteStringValue(PromQlNumber.Answer(sample.Value));
        json.WriteEndArray();
    }

    /// <summary>What belongs to no series is written a little differently in Prometheus: never with an exponent, and without zeros at the end of its time.</summary>
    private static void WriteAlone(Utf8JsonWriter json, long at, string value)
    {
        json.WriteStartArray();
        json.WriteNumberValue(at / 1000d);
        json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>Seconds, with milliseconds behind the point where there are any.</summary>
    public static void WriteTime(Utf8JsonWriter json, long milliseconds)
    {
        if (milliseconds % 1000 == 0)
        {
            json.WriteNumberValue(milliseconds / 1000);
            return;
        }

        Span<byte> text = stackalloc byte[32];
        _ = Utf8Formatter.TryFormat(milliseconds / 1000m, text, out var length, new System.Buffers.StandardFormat('F', 3));
        json.WriteRawValue(text[..length], skipInputValidation: true);
    }

    private static Task SucceedAsync(HttpContext context, Func<Utf8JsonWriter, Func<Task>, Task> data, IReadOnlyList<string>? warnings) =>
        WriteAsync(context, async (json, flush) =>
        {
            json.WriteString("status", "success");
            json.WritePropertyName("data");
            await data(json, flush).ConfigureAwait(false);
            if (warnings is { Count: > 0 })
            {
                json.WriteStartArray("warnings");
                foreach (var warning in warnings)
                {
                    json.WriteStringValue(warning);
                }

                json.WriteEndArray();
            }
        });

    private static async Task WriteAsync(HttpContext context, Func<Utf8JsonWriter, Func<Task>, Task> content)
    {
        context.Response.ContentType = "application/json";
        var body = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(body, s_options);
        async Task FlushAsync()
        {
            await json.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }

        json.WriteStartObject();
        await content(json, () => json.BytesPending < FlushBytes ? Task.CompletedTask : FlushAsync()).ConfigureAwait(false);
        json.WriteEndObject();
        await FlushAsync().ConfigureAwait(false);
    }
}
