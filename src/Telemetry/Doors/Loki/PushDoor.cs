using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Doors.Loki;

/// <summary><c>push</c>: lines from programs that think this is Loki.</summary>
internal sealed class PushDoor(LokiApiServices services)
{
    /// <summary>Few at a time: a body is in memory several times over while it is read.</summary>
    private readonly Turns _turns = new(services.PushesMax, services.Time);

    public async Task PushAsync(HttpContext context)
    {
        if (!await _turns.EnterAsync(context.RequestAborted).ConfigureAwait(false))
        {
            await LokiAnswers.TextAsync(context, StatusCodes.Status429TooManyRequests, "too many pushes at a time; push again in a moment").ConfigureAwait(false);
            return;
        }

        try
        {
            await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to be told.
        }
        finally
        {
            _turns.Leave();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var json = IsJson(context.Request.ContentType);
        if (json is null)
        {
            await LokiAnswers.TextAsync(context, StatusCodes.Status415UnsupportedMediaType, "the Content-Type has to be application/json or application/x-protobuf").ConfigureAwait(false);
            return;
        }

        var body = await BodyAsync(context.Request, json.Value, context.RequestAborted).ConfigureAwait(false);
        if (body.Failure is { } failure)
        {
            var status = failure.Code == "body-too-large" ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest;
            await LokiAnswers.TextAsync(context, status, failure.Detail).ConfigureAwait(false);
            return;
        }

        var records = json.Value ? PushBodies.ReadJson(body.Value) : PushBodies.ReadProtobuf(body.Value.Span);
        if (records.Failure is { } wrong)
        {
            await LokiAnswers.FailureAsync(context, wrong).ConfigureAwait(false);
            return;
        }

        await TakeAsync(context, records.Value).ConfigureAwait(false);
    }

    private static bool? IsJson(string? type) => type?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "application/json" => true,
        "application/x-protobuf" or "application/protobuf" or null or "" => false,
        _ => null,
    };

    private async Task TakeAsync(HttpContext context, List<LogRecord> records)
    {
        var now = (services.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var oldest = now - (long)services.PushAgeMax.TotalNanoseconds;
        var newest = now + (long)services.PushAheadMax.TotalNanoseconds;
        var refused = records.Find(record => record.Nanoseconds < oldest || record.Nanoseconds > newest);
        var count = records.RemoveAll(record => record.Nanoseconds < oldest || record.Nanoseconds > newest);
        var taken = services.Store.Append(CollectionsMarshal.AsSpan(records));
        if (taken < records.Count)
        {
            await LokiAnswers.TextAsync(context, StatusCodes.Status429TooManyRequests, string.Create(
                CultureInfo.InvariantCulture, $"there was no room for {records.Count - taken} of {records.Count} lines; push them again later")).ConfigureAwait(false);
        }
        else if (refused is not null)
        {
            // As Loki does: the rest was taken.
            var side = refused.Nanoseconds < oldest ? "old" : "new";
            await LokiAnswers.TextAsync(context, StatusCodes.Status400BadRequest, string.Create(
                CultureInfo.InvariantCulture,
                $"entry for stream '{refused.Stream}' has timestamp too {side}: {refused.Nanoseconds}, oldest acceptable is {oldest}, newest {newest}; {count} such lines were left out")).ConfigureAwait(false);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> BodyAsync(HttpRequest request, bool json, CancellationToken cancellation)
    {
        var encoding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        if (encoding is not ("" or "identity" or "gzip" or "snappy" or "deflate"))
        {
            return new Failure(FailureKind.Malformed, "bad-push", $"the Content-Encoding '{encoding}' is not known; gzip, deflate and snappy are");
        }

        var raw = await ReadAsync(request.Body, services.PushBytesMax, cancellation).ConfigureAwait(false);
        if (raw is null)
        {
            return TooLarge($"the body is larger than {services.PushBytesMax} bytes");
        }

        // Protobuf is packed with Snappy whether the header says so or not; JSON only if it says so.
        if (encoding == "snappy" || (!json && encoding is "" or "identity"))
        {
            return Snappy.Unpack(raw, services.PushUnpackedBytesMax) is { } plain
                ? (ReadOnlyMemory<byte>)plain
                : new Failure(FailureKind.Malformed, "bad-push", $"the body is no Snappy block, or comes to more than {services.PushUnpackedBytesMax} bytes");
        }

        if (encoding is "" or "identity")
        {
            return (ReadOnlyMemory<byte>)raw;
        }

        try
        {
            using var packed = new MemoryStream(raw);
            await using Stream stream = encoding == "gzip" ? new GZipStream(packed, CompressionMode.Decompress) : new ZLibStream(packed, CompressionMode.Decompress);
            return await ReadAsync(stream, services.PushUnpackedBytesMax, cancellation).ConfigureAwait(false) is { } unpacked
                ? (ReadOnlyMemory<byte>)unpacked
                : TooLarge($"the body comes to more than {services.PushUnpackedBytesMax} bytes when it is unpacked");
        }
        catch (InvalidDataException wrong)
        {
            return new Failure(FailureKind.Malformed, "bad-push", $"the body cannot be unpacked: {wrong.Message}");
        }
    }

    private static Failure TooLarge(string detail) => new(FailureKind.Exhausted, "body-too-large", detail);

    private static async Task<byte[]?> ReadAsync(Stream stream, int bytesMax, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        var buffer = new byte[32 << 10];
        while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is var count and > 0)
        {
            if (body.Length + count > bytesMax)
            {
                return null;
            }

            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }
}
