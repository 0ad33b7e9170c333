using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Slipway.Telemetry.Otlp;

/// <summary>
/// OTLP over gRPC: three methods that take one message and give one. They need HTTP/2, so their port is one that speaks nothing else
/// when it has no TLS. A message is a byte telling whether it is compressed, four bytes of length, and the message.
/// </summary>
internal static class OtlpGrpc
{
    private const int PrefixLength = 5;
    private const int InvalidArgument = 3;
    private const int ResourceExhausted = 8;
    private const int Unimplemented = 12;
    private const int Unavailable = 14;

    public static IEndpointRouteBuilder MapOtlpGrpc(this IEndpointRouteBuilder routes, OtlpServices services)
    {
        const string Collector = "/opentelemetry.proto.collector";
        routes.MapPost($"{Collector}.trace.v1.TraceService/Export", http => HandleAsync(http, OtlpSignal.Traces, services));
        routes.MapPost($"{Collector}.metrics.v1.MetricsService/Export", http => HandleAsync(http, OtlpSignal.Metrics, services));
        routes.MapPost($"{Collector}.logs.v1.LogsService/Export", http => HandleAsync(http, OtlpSignal.Logs, services));
        return routes;
    }

    private static async Task HandleAsync(HttpContext http, OtlpSignal signal, OtlpServices services)
    {
        if (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) is not true)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        http.Response.ContentType = "application/grpc";
        http.Response.Headers["grpc-accept-encoding"] = "identity,gzip";
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        using var body = await ReceivedBody.ReadAsync(http.Request.Body, gzip: false, services.Memory, http.RequestAborted);
        if (body.State == BodyState.Whole && !IsOneMessage(body))
        {
            services.CountMalformed();
            End(http, InvalidArgument, "the call must carry exactly one message");
            return;
        }

        if (body.State != BodyState.Whole)
        {
            Refuse(http, body.State, services);
            return;
        }

        if (body.Bytes[0] == 0)
        {
            await TakeAsync(http, signal, services, body.Slice(PrefixLength, body.Length - PrefixLength));
            return;
        }

        if (http.Request.Headers["grpc-encoding"] != "gzip")
        {
            End(http, Unimplemented, "messages may be compressed with gzip only");
            return;
        }

        if (body.Length > OtlpServices.CompressedMax)
        {
            Refuse(http, BodyState.TooLarge, services);
            return;
        }

        using var plain = await ReceivedBody.UnzipAsync(body.Slice(PrefixLength, body.Length - PrefixLength), services.Memory, http.RequestAborted);
        if (plain.State != BodyState.Whole)
        {
            Refuse(http, plain.State, services);
            return;
        }

        await TakeAsync(http, signal, services, plain.Slice(0, plain.Length));
    }

    private static bool IsOneMessage(ReceivedBody body) =>
        body.Length >= PrefixLength && body.Bytes[0] <= 1 && BinaryPrimitives.ReadUInt32BigEndian(body.Bytes[1..]) == (uint)(body.Length - PrefixLength);

    private static async Task TakeAsync(HttpContext http, OtlpSignal signal, OtlpServices services, ReadOnlyMemory<byte> message)
    {
        var receipt = services.Take(signal, message.Span);
        if (receipt.Verdict == OtlpVerdict.Malformed)
        {
            End(http, InvalidArgument, receipt.Message);
            return;
        }

        if (receipt.Verdict == OtlpVerdict.Full)
        {
            // Of the codes that mean "later", this one makes every sender try again.
            End(http, Unavailable, receipt.Message);
            return;
        }

        var answer = OtlpHttp.ReceiptProtobuf(receipt);
        var framed = new byte[PrefixLength + answer.Length];
        BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(1), (uint)answer.Length);
        answer.CopyTo(framed, PrefixLength);
        await http.Response.Body.WriteAsync(framed, http.RequestAborted);
        http.Response.AppendTrailer("grpc-status", "0");
    }

    private static void Refuse(HttpContext http, BodyState state, OtlpServices services)
    {
        switch (state)
        {
            case BodyState.TooLarge:
                services.CountMalformed();
                End(http, ResourceExhausted, "at most 64 MiB, and 16 MiB compressed: send smaller batches");
                break;
            case BodyState.Broken:
                services.CountMalformed();
                End(http, InvalidArgument, "the message is not compressed with gzip");
                break;
            default:
                services.CountTurnedAway();
                End(http, Unavailable, "too many messages are being read at the moment");
                break;
        }
    }

    /// <summary>An answer without a message: its trailers are its headers.</summary>
    private static void End(HttpContext http, int status, string message)
    {
        http.Response.Headers["grpc-status"] = status.ToString();
        http.Response.Headers["grpc-message"] = Escaped(message);
    }

    /// <summary>gRPC writes everything but printable ASCII as percent codes.</summary>
    private static string Escaped(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var part in Encoding.UTF8.GetBytes(message))
        {
            _ = part is >= 0x20 and <= 0x7e and not (byte)'%' ? text.Append((char)part) : text.Append('%').Append(part.ToString("X2"));
        }

        return text.ToString();
    }
}
