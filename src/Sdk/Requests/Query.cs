using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Requests;

/// <summary>
/// Strict reading of query parameters. Ask for everything first, then ask <see cref="Problem"/>: it tells of every wrong
/// value and of every parameter nobody asked for, since a misspelt filter that is ignored shows somebody the wrong list.
/// </summary>
public sealed class Query
{
    private readonly IQueryCollection _query;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<Finding> _findings = [];

    private Query(IQueryCollection query) => _query = query;

    public static Query Of(HttpRequest request) => new(request.Query);

    public string? Text(string name, int max = 200)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        if (text.Length > max)
        {
            Wrong(name, "tooLong", $"{name} must have at most {max} characters.");
            return null;
        }

        if (text.Any(char.IsControl))
        {
            Wrong(name, "control", $"{name} must not contain control characters.");
            return null;
        }

        return text;
    }

    public int? Number(string name, int min, int max)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Wrong(name, "notANumber", $"{name} must be a whole number from {min} to {max}.");
        return null;
    }

    public bool? Flag(string name)
    {
        switch (Single(name))
        {
            case null:
                return null;
            case "true":
                return true;
            case "false":
                return false;
            default:
                Wrong(name, "notAFlag", $"{name} must be true or false.");
                return null;
        }
    }

    /// <summary>Values separated by commas; the parameter may also be repeated.</summary>
    public IReadOnlyList<string> List(string name, int max = 50)
    {
        const int CharactersMax = 200;
        _asked.Add(name);
        var items = new List<string>();
        foreach (var value in _query[name])
        {
            items.AddRange((value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }

        if (items.Count > max)
        {
            Wrong(name, "tooMany", $"{name} must have at most {max} values.");
            return [];
        }

        if (items.Exists(item => item.Length > CharactersMax || item.Any(char.IsControl)))
        {
            Wrong(name, "invalid", $"Each value of {name} must have at most {CharactersMax} characters and no control characters.");
            return [];
        }

        return items;
    }

    public DateTimeOffset? Instant(string name)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        // A time without an offset would mean something else on another machine.
        if (text.Length > 19
            && text[10] is 'T' or 't'
            && (text[^1] is 'Z' or 'z' || (text[^6] is '+' or '-' && text[^3] == ':'))
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return instant;
        }

        Wrong(name, "notAnInstant", $"{name} must be an instant such as 2026-01-15T09:30:00Z.");
        return null;
    }

    public DateOnly? Date(string name)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }

        Wrong(name, "notADate", $"{name} must be a date such as 2026-01-15.");
        return null;
    }

    /// <summary>For values a service checks by itself.</summary>
    public void Wrong(string parameter, string code, string detail) => _findings.Add(new Finding(code, detail) { Parameter = parameter });

    /// <summary>Everything that is wrong, or null.</summary>
    public Problem? Problem()
    {
        const int NamesTold = 20;
        foreach (var name in _query.Keys.Where(name => !_asked.Contains(name)).Take(NamesTold))
        {
            var known = string.Join(", ", _asked.Order(StringComparer.Ordinal));
            var shown = name.Length > 50 ? name[..50] : name;
            Wrong(shown, "unknownParameter", known.Length == 0 ? "This call takes no parameters." : $"There is no parameter {shown} here. Known are: {known}.");
        }

        return _findings.Count == 0 ? null : Problems.Problem.Invalid([.. _findings]);
    }

    private string? Single(string name)
    {
        _asked.Add(name);
        var values = _query[name];
        if (values.Count > 1)
        {
            Wrong(name, "repeated", $"{name} must be given once.");
            return null;
        }

        return values.Count == 0 || string.IsNullOrEmpty(values[0]) ? null : values[0];
    }
}
