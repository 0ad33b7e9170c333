using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Documents;

/// <summary>The problems an operation answers with: those it names are described and shown, those every operation may have are referred to.</summary>
internal sealed class ProblemAnswers(ProblemTexts texts)
{
    private const string Schema = "#/components/schemas/Problem";
    private const string Shared = "#/components/responses/Problem";

    public static JsonObject Any() => new() { ["$ref"] = Shared };

    public static JsonObject Component() => new()
    {
        ["description"] = "What stood in the way, after RFC 9457.",
        ["content"] = Content(null),
    };

    /// <exception cref="ServiceMistakeException">An operation names a code that the service does not explain.</exception>
    public IEnumerable<(string Status, JsonObject Answer)> Of(IEnumerable<string> codes, string operation) => codes
        .Select(code => texts.Find(code) ?? throw new ServiceMistakeException($"{operation} refuses with {code}, which the service does not explain; add it to Explain."))
        .GroupBy(text => text.Status)
        .Select(group => (group.Key.ToString(CultureInfo.InvariantCulture), Described([.. group])));

    private static JsonObject Described(IReadOnlyList<ProblemText> problems)
    {
        var examples = new JsonObject();
        foreach (var problem in problems)
        {
            examples[problem.Code] = new JsonObject
            {
                ["summary"] = problem.Title,
                ["description"] = $"{problem.Meaning} {problem.Remedy}",
                ["value"] = new JsonObject
                {
                    ["type"] = ProblemDocument.TypeOf(problem.Code),
                    ["title"] = problem.Title,
                    ["status"] = problem.Status,
                    ["code"] = problem.Code,
                    ["detail"] = problem.Meaning,
                    ["retryable"] = problem.Status is 429 or 502 or 503 or 504,
                },
            };
        }

        return new JsonObject
        {
            ["description"] = string.Join(" ", problems.Select(problem => $"{problem.Code}: {problem.Title}.")),
            ["content"] = Content(examples),
        };
    }

    private static JsonObject Content(JsonObject? examples)
    {
        var content = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = Schema } };
        if (examples is not null)
        {
            content["examples"] = examples;
        }

        return new JsonObject { [ProblemDocument.MediaType] = content };
    }
}
