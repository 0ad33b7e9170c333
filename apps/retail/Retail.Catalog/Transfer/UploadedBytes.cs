using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Sdk.Problems;

namespace Retail.Catalog.Transfer;

/// <summary>Reads a body that is no JSON, up to a bound.</summary>
internal static class UploadedBytes
{
    public static async Task<Outcome<byte[]>> ReadAsync(HttpContext http, int bytesMax, CancellationToken cancellation)
    {
        if (http.Request.ContentLength > bytesMax)
        {
            return TooLarge(bytesMax);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = bytesMax + 1L;
        }

        using var bytes = new MemoryStream();
        var buffer = new byte[16_384];
        int count;
        while ((count = await http.Request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (bytes.Length + count > bytesMax)
            {
                return TooLarge(bytesMax);
            }

            bytes.Write(buffer, 0, count);
        }

        return bytes.ToArray();
    }

    public static string MediaType(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    private static Problem TooLarge(int bytesMax) =>
        new(413, "tooLarge", "The body is too large", $"The body may have at most {bytesMax / 1_048_576} MiB.") { Args = new() { ["maxBytes"] = bytesMax } };
}
