using System.Buffers;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Replies;
using Slipway.Model.Failures;

namespace Slipway.Api.Requests;

/// <summary>Reads a request's body whole, up to a bound.</summary>
internal static class RequestBody
{
    public static async Task<Outcome<byte[]>> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
        {
            return Failures.TooLarge(limit);
        }

        using var collected = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int count;
            while ((count = await request.Body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                if (collected.Length + count > limit)
                {
                    return Failures.TooLarge(limit);
                }

                collected.Write(buffer, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return collected.ToArray();
    }

    /// <summary>The media type without its parameters, in lower case; JSON when the client names none.</summary>
    public static string MediaType(HttpRequest request)
    {
        var given = request.ContentType ?? "";
        var end = given.IndexOf(';', StringComparison.Ordinal);
        var media = (end < 0 ? given : given[..end]).Trim().ToLowerInvariant();
        return media.Length == 0 ? "application/json" : media;
    }
}
