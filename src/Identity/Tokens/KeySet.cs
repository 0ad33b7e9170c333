using System.Buffers;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Slipway.Sdk.Callers;

namespace Slipway.Identity.Tokens;

/// <summary><c>GET /oauth2/jwks</c>: the public halves of all keys that tokens may be signed with, and of those that soon will be.</summary>
internal static class KeySet
{
    public const string Path = "/oauth2/jwks";

    public static void Map(WebApplication app) =>
        app.MapGet(Path, HandleAsync).OpenToAll("verifiers need the keys before they can know any caller");

    public static byte[] Write(IReadOnlyList<SigningKey> keys)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartArray("keys");
        foreach (var key in keys)
        {
            writer.WriteStartObject();
            writer.WriteString("kty", "EC");
            writer.WriteString("crv", "P-256");
            writer.WriteString("use", "sig");
            writer.WriteString("alg", "ES256");
            writer.WriteString("kid", key.Kid);
            writer.WriteString("x", key.X);
            writer.WriteString("y", key.Y);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static async Task HandleAsync(HttpContext http, KeyRing keys, CancellationToken cancellation)
    {
        var body = Write(await keys.PublishedAsync(cancellation));
        http.Response.ContentType = "application/json";

        // Shorter than a new key is published before it signs, so that no cache on the way hides it for too long.
        http.Response.Headers[HeaderNames.CacheControl] = "public, max-age=30";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, cancellation);
    }
}
