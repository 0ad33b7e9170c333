using System.Text.Json.Nodes;

namespace Slipway.Sdk.Problems;

/// <summary>Collects everything that is wrong with a body, so that its sender can correct it in one go.</summary>
public sealed class Findings
{
    private const int Kept = 100;

    private readonly List<Finding> _findings = [];

    public bool Any => _findings.Count > 0;

    /// <param name="pointer">JSON Pointer into the body, such as <c>/lines/0/quantity</c>.</param>
    public void Add(string pointer, string code, string detail, JsonObject? args = null)
    {
        if (_findings.Count < Kept)
        {
            _findings.Add(new Finding(code, detail) { Pointer = pointer, Args = args });
        }
    }

    public Problem ToProblem() => Problem.Invalid([.. _findings]);

    /// <summary>The trimmed text. What is wrong with it is remembered, and an empty text answered where nothing came.</summary>
    public string Text(string pointer, string? value, int max, int min = 0, bool required = true)
    {
        var text = value?.Trim() ?? "";
        if (text.Length == 0)
        {
            if (required)
            {
                Add(pointer, "required", $"{NameOf(pointer)} is required.");
            }

            return "";
        }

        if (text.Length > max)
        {
            Add(pointer, "tooLong", $"{NameOf(pointer)} must have at most {max} characters; it has {text.Length}.", new JsonObject { ["max"] = max });
        }
        else if (text.Length < min)
        {
            Add(pointer, "tooShort", $"{NameOf(pointer)} must have at least {min} characters.", new JsonObject { ["min"] = min });
        }

        if (HasControl(text))
        {
            Add(pointer, "control", $"{NameOf(pointer)} must not contain control characters.");
        }

        return text;
    }

    /// <summary>The trimmed text, or null if nothing came.</summary>
    public string? OptionalText(string pointer, string? value, int max) =>
        Text(pointer, value, max, required: false) is { Length: > 0 } text ? text : null;

    public T Choice<T>(string pointer, string? value, T otherwise, params (string Name, T Value)[] allowed)
    {
        if (value is null)
        {
            return otherwise;
        }

        foreach (var (name, choice) in allowed)
        {
            if (string.Equals(name, value, StringComparison.Ordinal))
            {
                return choice;
            }
        }

        var names = allowed.Select(choice => choice.Name).ToArray();
        Add(
            pointer,
            "notOneOf",
            $"{NameOf(pointer)} must be one of {string.Join(", ", names)}.",
            new JsonObject { ["allowed"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) });
        return otherwise;
    }

    /// <summary>Line breaks and tabs belong to text; unpaired surrogates cannot be stored and count as control characters.</summary>
    private static bool HasControl(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]))
            {
                if (!char.IsSurrogatePair(text, at))
                {
                    return true;
                }

                at++;
            }
            else if (char.IsControl(text[at]) && text[at] is not ('\n' or '\r' or '\t'))
            {
                return true;
            }
        }

        return false;
    }

    private static string NameOf(string pointer) => pointer.Length < 2 ? "The value" : pointer[(pointer.LastIndexOf('/') + 1)..];
}
