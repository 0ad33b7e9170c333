using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Platform.Answers;
using Slipway.Api.Replies;
using Slipway.Api.Requests;

namespace Slipway.Api.Platform.Requests;

/// <summary>
/// Reads the fields of a JSON body and collects everything that is wrong with them, also fields nobody asked for.
/// Absent and null mean the same.
/// </summary>
internal sealed class BodyReader
{
    private const int BytesMax = 1024 * 1024;

    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private readonly JsonObject _body;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<ProblemError> _errors = [];

    private BodyReader(JsonObject body) => _body = body;

    public static async Task<(BodyReader? Body, Problem? Problem)> OpenAsync(PlatformRequest request)
    {
        var http = request.Http.Request;
        if (RequestBody.MediaType(http) != "application/json")
        {
            return (null, new Problem(415, "unsupportedMediaType", "Not JSON", $"Send the body as application/json, not as {RequestBody.MediaType(http)}."));
        }

        var bytes = await RequestBody.ReadAsync(http, BytesMax, request.Cancellation);
        if (bytes.Failure is { } failure)
        {
            return (null, failure.Code == Failures.TooLargeCode
                ? new Problem(413, "bodyTooLarge", "Body too large", $"A body may have {BytesMax} bytes.")
                : Problem.Of(failure));
        }

        try
        {
            return JsonNode.Parse(bytes.Value, documentOptions: s_strict) is JsonObject body
                ? (new BodyReader(body), null)
                : (null, new Problem(400, "malformedBody", "The body cannot be read", "The body must be one JSON object."));
        }
        catch (JsonException broken)
        {
            return (null, new Problem(400, "malformedBody", "The body cannot be read", $"The body is not valid JSON: {broken.Message}"));
        }
    }

    /// <summary>Whether the field was written at all, be it as null.</summary>
    public bool IsPresent(string name) => _body.ContainsKey(name);

    public string? Text(string name, bool required = false, int lengthMax = 1024)
    {
        switch (Find(name))
        {
            case null:
                if (required)
                {
                    Wrong(name, "required", "This field is required.");
                }

                return null;
            case JsonValue value when value.TryGetValue<string>(out var text):
                if (text.Length is 0 || text.Length > lengthMax)
                {
                    Wrong(name, "invalidLength", $"Expected 1 to {lengthMax} characters, got {text.Length}.");
                }

                return text;
            default:
                Wrong(name, "notText", "Expected text.");
                return null;
        }
    }

    public int? Whole(string name, int least, int most)
    {
        switch (Find(name))
        {
            case null:
                return null;
            case JsonValue value when value.TryGetValue<int>(out var number) && number >= least && number <= most:
                return number;
            default:
                Wrong(name, "outOfRange", $"Expected a whole number from {least} to {most}.");
                return null;
        }
    }

    public decimal? Number(string name, decimal least, decimal most)
    {
        switch (Find(name))
        {
            case null:
                return null;
            case JsonValue value when value.TryGetValue<decimal>(out var number) && number >= least && number <= most:
                return number;
            default:
                Wrong(name, "outOfRange", string.Create(CultureInfo.InvariantCulture, $"Expected a number from {least} to {most}."));
                return null;
        }
    }

    /// <summary>An object whose values are all text.</summary>
    public IReadOnlyDictionary<string, string>? Texts(string name)
    {
        switch (Find(name))
        {
            case null:
                return null;
            case JsonObject fields:
                var texts = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (var (key, value) in fields)
                {
                    if (value is JsonValue leaf && leaf.TryGetValue<string>(out var text))
                    {
                        texts[key] = text;
                    }
                    else
                    {
                        Wrong($"{name}/{Escape(key)}", "notText", "Expected text; write numbers in quotes.");
                    }
                }

                return texts;
            default:
                Wrong(name, "notAnObject", "Expected an object of names and texts.");
                return null;
        }
    }

    public void Wrong(string name, string code, string detail) => _errors.Add(ProblemError.AtPointer($"/{name}", code, detail));

    /// <summary>Call last: the refusal when anything was wrong or unknown.</summary>
    public Problem? Finish()
    {
        foreach (var (name, _) in _body.Where(field => !_known.Contains(field.Key)))
        {
            Wrong(Escape(name), "unknownField", _known.Count == 0
                ? "This operation takes no fields."
                : $"This operation takes: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }

        return _errors.Count == 0 ? null : Problem.Invalid("The body cannot be used as it is.", _errors);
    }

    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private JsonNode? Find(string name)
    {
        _known.Add(name);
        return _body[name];
    }
}
