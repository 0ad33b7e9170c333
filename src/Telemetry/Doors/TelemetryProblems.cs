using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Slipway.Telemetry.Doors;

/// <summary>Refusals that belong to no dialect, in words that clients of every dialect find: Prometheus' <c>error</c> and RFC 9457's <c>detail</c>.</summary>
internal static class TelemetryProblems
{
    /// <summary>It is no part of a page, so quotes and dashes may stay what they are.</summary>
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext http, string code, string detail)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, s_options))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "error"u8);
            json.WriteString("errorType"u8, code);
            json.WriteString("error"u8, detail);
            json.WriteString("detail"u8, detail);
            json.WriteEndObject();
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), http.RequestAborted).ConfigureAwait(false);
    }
}
