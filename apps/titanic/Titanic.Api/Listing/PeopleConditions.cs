using System.Globalization;

namespace Titanic.Api.Listing;

/// <summary>A filter as SQL over <c>people p</c>, with its values beside it.</summary>
internal sealed class PeopleConditions
{
    private readonly List<object?> _values = [];
    private readonly List<string> _conditions = [];

    public PeopleConditions(PeopleFilter filter)
    {
        _conditions.Add(filter.Deleted ? "p.deleted_at is not null" : "p.deleted_at is null");
        if (filter.Survived is { } survived)
        {
            Add($"p.survived = {Value(survived)}");
        }

        OneOf("p.class", filter.Classes, "int[]");
        OneOf("p.sex", filter.Sexes, "text[]");
        OneOf("p.embarked", filter.Ports, "text[]");
        if (filter.AgeMin is { } youngest)
        {
            Add($"p.age_order >= {Value(youngest)}");
        }

        if (filter.AgeMax is { } oldest)
        {
            Add($"p.age_order <= {Value(oldest)}");
        }
        else if (filter.AgeMin is not null)
        {
            // Whose age is not known stands behind all others, and is no answer to a question about age.
            Add("p.age_order < 2147483647");
        }

        if (filter.FareMin is { } least)
        {
            Add($"p.fare >= {Value(least)}");
        }

        if (filter.FareMax is { } most)
        {
            Add($"p.fare <= {Value(most)}");
        }

        if (filter.Ticket is { } ticket)
        {
            Add($"p.ticket = {Value(ticket)}");
        }

        for (var at = 0; at < filter.NameWords.Count; at++)
        {
            AddWord(filter.NameWords[at], whole: at < filter.NameWords.Count - 1);
        }
    }

    public string All => string.Join(" and ", _conditions);

    public object?[] Values => [.. _values];

    /// <summary>The place of a value in the statement.</summary>
    public string Value(object? value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }

    public void Add(string condition) => _conditions.Add(condition);

    /// <summary>Words stand without accents; the last one may be the beginning of a word only.</summary>
    private void AddWord(string word, bool whole)
    {
        var value = $"lower(unaccent({Value(word)}::text))";
        Add(whole
            ? $"exists (select from person_words w where w.passenger_id = p.passenger_id and w.word = {value})"
            : $"exists (select from person_words w where w.passenger_id = p.passenger_id and w.word >= {value} and w.word < {value} || chr(1114111))");
    }

    private void OneOf<T>(string column, IReadOnlyList<T> values, string type)
    {
        if (values.Count == 1)
        {
            Add($"{column} = {Value(values[0])}");
        }
        else if (values.Count > 1)
        {
            Add($"{column} = any({Value(values.ToArray())}::{type})");
        }
    }
}
