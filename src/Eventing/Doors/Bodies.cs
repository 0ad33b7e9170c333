using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Doors;

/// <summary>Reads bodies up to a bound.</summary>
internal static class Bodies
{
    public const int BatchBytesMax = 8 * 1024 * 1024;

    public static async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(HttpRequest request, int most, CancellationToken cancellation)
    {
        var tooLarge = new Failure(FailureKind.Exhausted, "event-too-large", $"At most {most} bytes are taken here.");
        if (request.ContentLength > most)
        {
            return tooLarge;
        }

        using var taken = new MemoryStream((int)Math.Min(request.ContentLength ?? 4096, most));
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(cancellation);
                foreach (var part in read.Buffer)
                {
                    taken.Write(part.Span);
                }

                request.BodyReader.AdvanceTo(read.Buffer.End);
                if (taken.Length > most)
                {
                    return tooLarge;
                }

                if (read.IsCompleted)
                {
                    return new ReadOnlyMemory<byte>(taken.GetBuffer(), 0, (int)taken.Length);
                }
            }
        }
        catch (BadHttpRequestException wrong)
        {
            return wrong.StatusCode == StatusCodes.Status413PayloadTooLarge ? tooLarge : new Failure(FailureKind.Malformed, "body-unreadable", wrong.Message);
        }
    }

    public static async Task<Outcome<JsonElement>> ReadObjectAsync(HttpRequest request, int most, CancellationToken cancellation)
    {
        var body = await ReadAsync(request, most, cancellation);
        if (body.Failure is { } failure)
        {
            return failure;
        }

        try
        {
            using var document = JsonDocument.Parse(body.Value, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            TakeTexts(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : new Failure(FailureKind.Malformed, "body-unreadable", "The body must be a JSON object.");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return new Failure(FailureKind.Malformed, "body-unreadable", $"The body is not JSON: {wrong.Message}");
        }
    }

    /// <summary>Texts are looked at only when they are asked for, so a broken one would surface anywhere later.</summary>
    private static void TakeTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    TakeTexts(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    TakeTexts(member.Value);
                }

                break;
        }
    }

    /// <summary>The text of a member, or null when it is missing or something else.</summary>
    public static string? Text(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
