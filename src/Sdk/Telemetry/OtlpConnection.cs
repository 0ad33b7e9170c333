using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Slipway.Sdk.Telemetry;

/// <summary>What became of sending.</summary>
/// <param name="Error">Null when it arrived.</param>
/// <param name="Passing">The collector was not there to judge, or asks to come again.</param>
internal readonly record struct OtlpAnswer(string? Error, bool Passing, TimeSpan? After = null)
{
    public static readonly OtlpAnswer Arrived = new(null, false);
}

/// <summary>Carries finished documents to a collector, over HTTP or as a gRPC call, whose frame is small enough to be written here.</summary>
internal sealed class OtlpConnection : IDisposable
{
    private static readonly MediaTypeHeaderValue s_protobuf = new("application/x-protobuf");
    private static readonly MediaTypeHeaderValue s_grpc = new("application/grpc");

    private readonly OtlpTarget _target;
    private readonly TimeProvider _time;

    // Made when there is something to send, which is after the service began to answer.
    private readonly Lazy<HttpClient> _client = new(Connect);

    public OtlpConnection(OtlpTarget target, TimeProvider time) => (_target, _time) = (target, time);

    public async Task<OtlpAnswer> SendAsync(ReadOnlyMemory<byte> document, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(_target.Timeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using var request = Request(document);
        try
        {
            using var response = await _client.Value.SendAsync(request, limit.Token);
            return _target.Grpc ? OfGrpc(response) : OfHttp(response);
        }
        catch (OperationCanceledException)
        {
            return new OtlpAnswer("no answer in time", Passing: true);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new OtlpAnswer(exception.Message, Passing: true);
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    // Without a propagator the call leaves no spans of its own, which would be sent, and leave spans of their own.
    private static HttpClient Connect() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = 64 * 1024,
    };

    private HttpRequestMessage Request(ReadOnlyMemory<byte> document)
    {
        var body = _target.Gzip ? Zipped(document) : document;
        if (_target.Grpc)
        {
            var framed = new byte[body.Length + 5];
            framed[0] = _target.Gzip ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(1), (uint)body.Length);
            body.Span.CopyTo(framed.AsSpan(5));
            body = framed;
        }

        var request = new HttpRequestMessage(HttpMethod.Post, _target.Address) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = _target.Grpc ? s_grpc : s_protobuf;
        if (_target.Grpc)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }

        if (_target.Gzip)
        {
            if (_target.Grpc)
            {
                request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
            }
            else
            {
                request.Content.Headers.ContentEncoding.Add("gzip");
            }
        }

        foreach (var (name, value) in _target.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private OtlpAnswer OfHttp(HttpResponseMessage response) => response.IsSuccessStatusCode
        ? OtlpAnswer.Arrived
        : new OtlpAnswer(
            $"status {(int)response.StatusCode}",
            response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout,
            response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _time.GetUtcNow() : null);

    /// <summary>The status is in the trailers, or in the headers when there is nothing else to say.</summary>
    private OtlpAnswer OfGrpc(HttpResponseMessage response)
    {
        if (!response.TrailingHeaders.TryGetValues("grpc-status", out var values) && !response.Headers.TryGetValues("grpc-status", out values))
        {
            return response.IsSuccessStatusCode ? new OtlpAnswer("no grpc-status", Passing: false) : OfHttp(response);
        }

        var status = int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : -1;

        // Cancelled, deadline exceeded, aborted, out of range, unavailable, data loss; resource exhausted as well, since it passes.
        return status == 0 ? OtlpAnswer.Arrived : new OtlpAnswer($"grpc-status {values.First()}", status is 1 or 4 or 8 or 10 or 11 or 14 or 15);
    }

    private static ReadOnlyMemory<byte> Zipped(ReadOnlyMemory<byte> document)
    {
        var buffer = new MemoryStream(document.Length / 4);
        using (var zip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(document.Span);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
