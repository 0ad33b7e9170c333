using System.Buffers;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Requests;

/// <summary>Reads a whole body of bounded size, after a look at what it claims to be.</summary>
internal static class BodyBytes
{
    public static async ValueTask<Outcome<ReadOnlyMemory<byte>>> ReadAsync(
        HttpRequest request, Func<string, bool> accepts, string expected, long bytesMax, CancellationToken cancellation)
    {
        if (!accepts(MediaTypeOf(request.ContentType)))
        {
            return new Problem(415, "unsupportedMediaType", "Not a kind of body this call reads", $"Send the body as {expected}.")
            {
                Errors = [new Finding("unsupportedMediaType", $"Content-Type must be {expected}.") { Header = "Content-Type" }],
                Headers = [new("Accept", expected)],
            };
        }

        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            return new Problem(415, "unsupportedMediaType", "Not a kind of body this call reads", "Send the body without Content-Encoding.")
            {
                Errors = [new Finding("unsupportedMediaType", "Content-Encoding must be absent.") { Header = "Content-Encoding" }],
            };
        }

        if (request.ContentLength > bytesMax)
        {
            return TooLarge(bytesMax);
        }

        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 1024, 16, Math.Min(bytesMax + 1, 65_536)));
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var tooLarge = buffer.WrittenCount + read.Buffer.Length > bytesMax;
            if (!tooLarge)
            {
                foreach (var segment in read.Buffer)
                {
                    buffer.Write(segment.Span);
                }
            }

            reader.AdvanceTo(read.Buffer.End);
            if (tooLarge)
            {
                return TooLarge(bytesMax);
            }

            if (read.IsCompleted)
            {
                return buffer.WrittenMemory;
            }
        }
    }

    private static string MediaTypeOf(string? contentType)
    {
        var type = contentType ?? "";
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim().ToLowerInvariant();
    }

    private static Problem TooLarge(long bytesMax) =>
        new(413, "tooLarge", "The body is too large", $"The body may have at most {bytesMax} bytes.") { Args = new() { ["maxBytes"] = bytesMax } };
}
