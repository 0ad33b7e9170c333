using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;
using Slipway.Telemetry.Labels;

namespace Slipway.Telemetry.Doors.Alertmanager;

/// <summary>Answers as Alertmanager words them: JSON, and failures as one text.</summary>
internal static class Replies
{
    public const int BodyMax = 4 * 1024 * 1024;

    public static async Task WriteAsync(HttpContext http, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.Length;
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted);
    }

    public static Task RefuseAsync(HttpContext http, Failure failure) => RefuseAsync(
        http,
        failure.Kind switch
        {
            FailureKind.NotFound => StatusCodes.Status404NotFound,
            FailureKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            FailureKind.Exhausted => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status400BadRequest,
        },
        failure.Detail);

    public static Task RefuseAsync(HttpContext http, int status, string why) => WriteAsync(http, writer => writer.WriteStringValue(why), status);

    /// <summary>The body as JSON; null when it was refused already.</summary>
    public static async Task<JsonDocument?> ReadAsync(HttpContext http)
    {
        try
        {
            if (http.Request.ContentLength > BodyMax)
            {
                await RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, $"a body has at most {BodyMax / 1024 / 1024} MiB");
                return null;
            }

            using var buffer = new MemoryStream();
            var piece = new byte[16 * 1024];
            int read;
            while ((read = await http.Request.Body.ReadAsync(piece, http.RequestAborted)) > 0)
            {
                if (buffer.Length + read > BodyMax)
                {
                    await RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, $"a body has at most {BodyMax / 1024 / 1024} MiB");
                    return null;
                }

                buffer.Write(piece, 0, read);
            }

            var body = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), new JsonDocumentOptions { MaxDepth = 16 });
            if (IsText(body.RootElement))
            {
                return body;
            }

            body.Dispose();
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "the body is no JSON: a text has half of a surrogate pair");
            return null;
        }
        catch (JsonException wrong)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, $"the body is no JSON: {wrong.Message}");
            return null;
        }
    }

    /// <summary>JSON can spell texts that are none; they are found here, so that nobody else stumbles over them.</summary>
    private static bool IsText(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString() is not null,
                JsonValueKind.Array => element.EnumerateArray().All(IsText),
                JsonValueKind.Object => element.EnumerateObject().All(entry => entry.Name is not null && IsText(entry.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static void Map(Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string>> map)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    public static void Map(Utf8JsonWriter writer, string name, LabelSet labels) =>
        Map(writer, name, labels.Select(label => KeyValuePair.Create(label.Name, label.Value)));

    /// <summary>Null when the parameter is neither true nor false.</summary>
    public static bool? Flag(HttpContext http, string name, bool otherwise) => http.Request.Query[name].ToString() switch
    {
        "" => otherwise,
        "true" => true,
        "false" => false,
        _ => null,
    };
}
