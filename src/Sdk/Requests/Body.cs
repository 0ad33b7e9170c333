using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Requests;

/// <summary>Strict reading of JSON bodies: everything that is wrong is told, with a pointer to the place.</summary>
public static class Body
{
    internal const int DepthMax = 32;

    // One entry per body type of the program, so it is bounded by the program's size.
    private static readonly ConcurrentDictionary<JsonTypeInfo, JsonTypeInfo> s_strict = new();

    private static readonly JsonDocumentOptions s_document = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    public static async ValueTask<Outcome<T>> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, long bytesMax = 1_048_576, CancellationToken cancellation = default)
    {
        var bytes = await BodyBytes.ReadAsync(request, IsJson, "application/json", bytesMax, cancellation);
        if (!bytes.Is(out var body, out var problem))
        {
            return problem;
        }

        var strict = (JsonTypeInfo<T>)s_strict.GetOrAdd(type, Strict);
        try
        {
            if (JsonSerializer.Deserialize(body.Span, strict) is { } value)
            {
                return value;
            }
        }
        catch (JsonException)
        {
            // The second, slower reading below finds out what is wrong and where.
        }

        return Explain(body, strict);
    }

    internal static bool IsJson(string mediaType) =>
        mediaType == "application/json"
        || (mediaType.StartsWith("application/", StringComparison.Ordinal)
            && mediaType.EndsWith("+json", StringComparison.Ordinal)
            && mediaType != "application/merge-patch+json");

    internal static Outcome<JsonDocument> Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, s_document);
        }
        catch (JsonException exception)
        {
            return Malformed(exception);
        }
    }

    private static Problem Explain(ReadOnlyMemory<byte> body, JsonTypeInfo strict)
    {
        if (!Parse(body).Is(out var document, out var problem))
        {
            return problem;
        }

        using (document)
        {
            return Problem.Invalid(BodyMistakes.Find(document.RootElement, strict));
        }
    }

    private static Problem Malformed(JsonException exception)
    {
        var line = (exception.LineNumber ?? 0) + 1;
        var column = (exception.BytePositionInLine ?? 0) + 1;
        return new Problem(400, "malformedJson", "The body is not JSON", $"The body cannot be read as JSON: line {line}, byte {column}. Nesting may be at most {DepthMax} deep and names may not repeat.")
        {
            Args = new JsonObject { ["line"] = line, ["byte"] = column },
        };
    }

    private static JsonTypeInfo Strict(JsonTypeInfo type)
    {
        var options = new JsonSerializerOptions(type.Options)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            MaxDepth = DepthMax,
        };
        return options.GetTypeInfo(type.Type);
    }
}
