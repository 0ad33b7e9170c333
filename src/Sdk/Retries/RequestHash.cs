using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Slipway.Sdk.Retries;

/// <summary>
/// Tells whether two requests ask for the same thing. Order of members and white space of JSON do not count, because a
/// client that builds its body again may write it differently.
/// </summary>
internal static class RequestHash
{
    /// <summary>Larger bodies are compared byte by byte; nobody writes those by hand.</summary>
    private const int CanonicalBytesMax = 1024 * 1024;

    public static async Task<byte[]> OfAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(request.QueryString.Value ?? ""));

        // The handler may have read nothing yet; only a body that is here in full has a length.
        await request.Body.CopyToAsync(Stream.Null, cancellation);
        request.Body.Position = 0;
        if (request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true && request.Body.Length <= CanonicalBytesMax)
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellation);
            hash.AppendData(Canonical(body.GetBuffer().AsMemory(0, (int)body.Length)).Span);
        }
        else
        {
            var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
            for (int count; (count = await request.Body.ReadAsync(buffer, cancellation)) > 0;)
            {
                hash.AppendData(buffer, 0, count);
            }

            ArrayPool<byte>.Shared.Return(buffer);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Members sorted, no white space; what is not JSON stays as it is.</summary>
    internal static ReadOnlyMemory<byte> Canonical(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var canonical = new ArrayBufferWriter<byte>(body.Length + 16);
            using var writer = new Utf8JsonWriter(canonical);
            Write(writer, document.RootElement);
            writer.Flush();
            return canonical.WrittenMemory;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second: half a surrogate pair is JSON, but no text that could be written again.
            return body;
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
