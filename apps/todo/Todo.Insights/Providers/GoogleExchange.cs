using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Todo.Language;

namespace Todo.Insights.Providers;

/// <summary>
/// The shape of Google's Natural Language API: all todos go as one plain text, and what is found in it is led back to its
/// todo by its offset.
/// </summary>
internal static class GoogleExchange
{
    private const int EntitiesMax = 2_000;

    public static HttpRequestMessage Request(AnalysisInput input, Analysis found, InsightsSettings settings)
    {
        var body = new JsonObject
        {
            ["document"] = new JsonObject { ["type"] = "PLAIN_TEXT", ["language"] = found.Summary.Language, ["content"] = Joined(input).Text },
            ["features"] = new JsonObject { ["extractEntities"] = true, ["extractDocumentSentiment"] = true },

            // Offsets in the units that strings have here.
            ["encodingType"] = "UTF16",
        };
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/documents:annotateText") { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        if (settings.Key is { } key)
        {
            request.Headers.TryAddWithoutValidation("X-Goog-Api-Key", key);
        }

        return request;
    }

    /// <exception cref="ProviderMistakeException">The answer is JSON but not the one that was asked for.</exception>
    /// <exception cref="JsonException">The answer is no JSON.</exception>
    public static ProviderFindings Read(ReadOnlyMemory<byte> answer, AnalysisInput input)
    {
        using var document = JsonDocument.Parse(answer);
        if (Member(document.RootElement, "documentSentiment") is not { } sentiment || Member(sentiment, "score") is not { ValueKind: JsonValueKind.Number } number
            || !number.TryGetDouble(out var score) || score is not (>= -1 and <= 1))
        {
            throw new ProviderMistakeException("its answer lacks a sentiment from -1 to 1");
        }

        return new()
        {
            Sentiment = new(Math.Round(score, 3), score >= 0.15 ? "positive" : score <= -0.15 ? "negative" : "neutral", []),
            Entities = Entities(document.RootElement, input),
        };
    }

    private static List<EntityFinding>? Entities(JsonElement root, AnalysisInput input)
    {
        if (Member(root, "entities") is not { ValueKind: JsonValueKind.Array } list)
        {
            return null;
        }

        var (text, starts) = Joined(input);
        var found = new List<EntityFinding>();
        foreach (var entity in list.EnumerateArray().Take(EntitiesMax))
        {
            if (Member(entity, "type") is not { ValueKind: JsonValueKind.String } type || TypeOf(type.GetString()!) is not { } kind
                || Member(entity, "mentions") is not { ValueKind: JsonValueKind.Array } mentions)
            {
                continue;
            }

            foreach (var mention in mentions.EnumerateArray().Take(100))
            {
                if (Member(mention, "text") is { } span && Member(span, "content") is { ValueKind: JsonValueKind.String } content
                    && Member(span, "beginOffset") is { ValueKind: JsonValueKind.Number } begin && begin.TryGetInt32(out var offset)
                    && Placed(text, starts, input, kind, content.GetString()!, offset) is { } finding && found.Count < EntitiesMax)
                {
                    found.Add(finding);
                }
            }
        }

        found.Sort((left, right) => string.CompareOrdinal(left.TodoId, right.TodoId) is var order and not 0 ? order : left.Start.CompareTo(right.Start));
        return found;
    }

    /// <summary>Null unless the words really stand there.</summary>
    private static EntityFinding? Placed(string text, List<int> starts, AnalysisInput input, string kind, string content, int offset)
    {
        if (content.Length == 0 || offset < 0 || offset > text.Length - content.Length || string.CompareOrdinal(text, offset, content, 0, content.Length) != 0)
        {
            return null;
        }

        var index = starts.BinarySearch(offset);
        index = index >= 0 ? index : ~index - 1;
        var end = index + 1 < starts.Count ? starts[index + 1] : text.Length + 1;
        return offset + content.Length < end ? new(kind, content, input.Todos[index].Id, offset - starts[index], content.Length) : null;
    }

    private static (string Text, List<int> Starts) Joined(AnalysisInput input)
    {
        var text = new StringBuilder();
        var starts = new List<int>();
        foreach (var todo in input.Todos)
        {
            starts.Add(text.Length);
            text.Append(todo.Title);
            if (todo.Description.Length > 0)
            {
                text.Append('\n').Append(todo.Description);
            }

            text.Append('\n');
        }

        return (text.ToString(), starts);
    }

    private static string? TypeOf(string type) => type switch
    {
        "PERSON" => "person",
        "LOCATION" or "ADDRESS" => "place",
        "ORGANIZATION" => "organisation",
        "PHONE_NUMBER" => "phone",
        "PRICE" => "amount",
        _ => null,
    };

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
}
