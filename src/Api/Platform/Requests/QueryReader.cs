using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Platform.Answers;
using Slipway.Model.Values;

namespace Slipway.Api.Platform.Requests;

/// <summary>
/// Reads query parameters and collects everything that is wrong with them. A parameter nobody asked for is wrong too:
/// a misspelt filter must not silently answer with everything.
/// </summary>
internal sealed class QueryReader(HttpRequest request)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<ProblemError> _errors = [];

    public string? Text(string name)
    {
        _known.Add(name);
        var values = request.Query[name];
        if (values.Count > 1)
        {
            _errors.Add(ProblemError.AtParameter(name, "repeated", "Give it once."));
        }

        return values.Count == 0 || values[0] is not { Length: > 0 } value ? null : value;
    }

    public int Whole(string name, int otherwise, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least)
        {
            return Math.Min(number, most);
        }

        _errors.Add(ProblemError.AtParameter(name, "outOfRange", $"Expected a whole number of {least} or more, got \"{text}\"."));
        return otherwise;
    }

    public bool Flag(string name)
    {
        switch (Text(name))
        {
            case null or "false":
                return false;
            case "true":
                return true;
            case var text:
                _errors.Add(ProblemError.AtParameter(name, "notABoolean", $"Expected true or false, got \"{text}\"."));
                return false;
        }
    }

    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (Model.Values.Instant.IsRfc3339(text))
        {
            return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUniversalTime();
        }

        _errors.Add(ProblemError.AtParameter(name, "notATime", $"Expected an RFC 3339 time such as 2026-01-31T12:00:00Z, got \"{text}\"."));
        return null;
    }

    /// <summary>A comma-separated list of words out of a fixed set.</summary>
    public IReadOnlyList<string> Words(string name, IReadOnlyCollection<string> allowed)
    {
        var words = Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (words.FirstOrDefault(word => !allowed.Contains(word)) is { } unknown)
        {
            _errors.Add(ProblemError.AtParameter(name, "unknownValue", $"\"{unknown}\" is none of: {string.Join(", ", allowed)}."));
        }

        return words;
    }

    /// <summary>A namespace, which may be left out.</summary>
    public string? Namespace(string name = "namespace")
    {
        var text = Text(name);
        if (text is not null && !Names.IsDns1123Label(text))
        {
            _errors.Add(ProblemError.AtParameter(name, "invalidName", $"\"{text}\" is no name of a namespace."));
        }

        return text;
    }

    /// <summary>Call last: the refusal when anything was wrong or unknown.</summary>
    public Problem? Finish()
    {
        foreach (var name in request.Query.Keys.Where(name => !_known.Contains(name)))
        {
            _errors.Add(ProblemError.AtParameter(name, "unknownParameter", _known.Count == 0
                ? "This operation takes no parameters."
                : $"This operation takes: {string.Join(", ", _known.Order(StringComparer.Ordinal))}."));
        }

        return _errors.Count == 0 ? null : Problem.Invalid("The query parameters cannot be used as they are.", _errors);
    }
}
