using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Slipway.Telemetry.Otlp.Json;
using Slipway.Telemetry.Otlp.Wire;

namespace Slipway.Telemetry.Otlp;

/// <summary>
/// OTLP over HTTP, in protobuf and in JSON. An answer is in the language of the question; a refusal is a google.rpc.Status in it.
/// </summary>
internal static class OtlpHttp
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";
    private const int InvalidArgument = 3;
    private const int ResourceExhausted = 8;

    public static IEndpointRouteBuilder MapOtlp(this IEndpointRouteBuilder routes, OtlpServices services)
    {
        routes.MapPost("/v1/traces", http => HandleAsync(http, OtlpSignal.Traces, services));
        routes.MapPost("/v1/metrics", http => HandleAsync(http, OtlpSignal.Metrics, services));
        routes.MapPost("/v1/logs", http => HandleAsync(http, OtlpSignal.Logs, services));
        return routes;
    }

    private static async Task HandleAsync(HttpContext http, OtlpSignal signal, OtlpServices services)
    {
        var type = (http.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        var json = type == Json;
        if (!json && type != Protobuf)
        {
            await RefuseAsync(http, json: true, StatusCodes.Status415UnsupportedMediaType, InvalidArgument, $"Content-Type must be {Protobuf} or {Json}");
            return;
        }

        var encoding = http.Request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            await RefuseAsync(http, json, StatusCodes.Status415UnsupportedMediaType, InvalidArgument, "Content-Encoding must be gzip or left out");
            return;
        }

        // The bound is ours: what counts is how large the body is when it is unpacked.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        using var body = await ReceivedBody.ReadAsync(http.Request.Body, encoding == "gzip", services.Memory, http.RequestAborted);
        switch (body.State)
        {
            case BodyState.TooLarge:
                services.CountMalformed();
                await RefuseAsync(http, json, StatusCodes.Status413PayloadTooLarge, InvalidArgument, "at most 64 MiB, and 16 MiB compressed: send smaller batches");
                return;
            case BodyState.Broken:
                services.CountMalformed();
                await RefuseAsync(http, json, StatusCodes.Status400BadRequest, InvalidArgument, "the body is not compressed with gzip");
                return;
            case BodyState.NoRoom:
                services.CountTurnedAway();
                await RefuseAsync(http, json, StatusCodes.Status429TooManyRequests, ResourceExhausted, "too many messages are being read at the moment");
                return;
            default:
                break;
        }

        var receipt = json ? TakeJson(body, signal, services) : services.Take(signal, body.Bytes);
        switch (receipt.Verdict)
        {
            case OtlpVerdict.Malformed:
                await RefuseAsync(http, json, StatusCodes.Status400BadRequest, InvalidArgument, receipt.Message);
                break;
            case OtlpVerdict.Full:
                await RefuseAsync(http, json, StatusCodes.Status429TooManyRequests, ResourceExhausted, receipt.Message);
                break;
            default:
                await AnswerAsync(http, json, StatusCodes.Status200OK, json ? ReceiptJson(signal, receipt) : ReceiptProtobuf(receipt));
                break;
        }
    }

    private static OtlpReceipt TakeJson(ReceivedBody body, OtlpSignal signal, OtlpServices services)
    {
        var shape = signal switch
        {
            OtlpSignal.Traces => OtlpShapes.Traces,
            OtlpSignal.Logs => OtlpShapes.Logs,
            _ => OtlpShapes.Metrics,
        };
        // The protobuf form is shorter than the JSON; the buffer it is written to may be as long.
        var length = body.Length;
        if (!services.Memory.Take(length))
        {
            services.CountTurnedAway();
            return new OtlpReceipt(OtlpVerdict.Full, 0, "too many messages are being read at the moment");
        }

        try
        {
            return TakeJson(body, shape, signal, services);
        }
        finally
        {
            services.Memory.Give(length);
        }
    }

    private static OtlpReceipt TakeJson(ReceivedBody body, MessageShape shape, OtlpSignal signal, OtlpServices services)
    {
        var protobuf = new ProtoWriter(Math.Max(1024, body.Length / 2));
        if (JsonReading.Read(body.Bytes, shape, protobuf) is { } mistake)
        {
            services.CountMalformed();
            return new OtlpReceipt(OtlpVerdict.Malformed, 0, mistake);
        }

        return services.Take(signal, protobuf.Written);
    }

    /// <summary>An export response; empty if everything was taken.</summary>
    public static byte[] ReceiptProtobuf(OtlpReceipt receipt)
    {
        var writer = new ProtoWriter(64);
        if (receipt.Rejected > 0)
        {
            var partial = writer.Begin(1);
            writer.Varint(1, (ulong)receipt.Rejected);
            writer.Text(2, receipt.Message);
            writer.End(partial);
        }

        return writer.ToArray();
    }

    private static byte[] ReceiptJson(OtlpSignal signal, OtlpReceipt receipt)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (receipt.Rejected > 0)
            {
                json.WriteStartObject("partialSuccess");
                var name = signal switch
                {
                    OtlpSignal.Traces => "rejectedSpans",
                    OtlpSignal.Logs => "rejectedLogRecords",
                    _ => "rejectedDataPoints",
                };
                json.WriteString(name, receipt.Rejected.ToString(CultureInfo.InvariantCulture));
                json.WriteString("errorMessage", receipt.Message);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static Task RefuseAsync(HttpContext http, bool json, int status, int code, string message)
    {
        var protobuf = new ProtoWriter(256);
        protobuf.Varint(1, (ulong)code);
        protobuf.Text(2, message);
        if (status == StatusCodes.Status429TooManyRequests)
        {
            http.Response.Headers.RetryAfter = OtlpServices.RetrySeconds.ToString(CultureInfo.InvariantCulture);
        }

        if (!json)
        {
            return AnswerAsync(http, json, status, protobuf.ToArray());
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code", code);
            writer.WriteString("message", message);
            writer.WriteEndObject();
        }

        return AnswerAsync(http, json, status, buffer.WrittenSpan.ToArray());
    }

    private static async Task AnswerAsync(HttpContext http, bool json, int status, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = json ? Json : Protobuf;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
