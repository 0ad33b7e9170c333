using System.Globalization;

namespace Retail.Catalog.Searching;

/// <summary>What was typed as a query of the database: all words must be there, the last one perhaps not typed to its end.</summary>
internal static class TextQuery
{
    /// <summary>How the rest of a question names the query.</summary>
    public const string Reference = "(select q.query from q)";

    /// <summary>Makes the query once. Written where it is used, it would be made anew for every row that is ranked.</summary>
    public static string Once(string query) => $"q as materialized (select {query} as query)";

    /// <summary>Adds the values to <paramref name="values"/>. Null when nothing can be found.</summary>
    public static string? Write(IReadOnlyList<LookedUpWord> words, List<object?> values)
    {
        // A word like "the" is in no index of a language; it is only missed when there is nothing else.
        var meant = words.Where(word => !word.IsStop || word.IsKnown).ToList() is { Count: > 0 } some ? some : [.. words];
        return meant.Count == 0 ? null : "(" + string.Join(" && ", meant.Select(word => Write(word, values))) + ")";
    }

    private static string Write(LookedUpWord word, List<object?> values)
    {
        // Only letters and digits are left in words, so none of them can be an operator.
        var simple = string.Join(" | ", word.Similar.Prepend(word.Word + ":*"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"(to_tsquery('simple', {Add(values, simple)}) || plainto_tsquery('english', {Add(values, word.Word)}) || plainto_tsquery('german', {Add(values, word.Word)}))");
    }

    private static string Add(List<object?> values, object? value)
    {
        values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${values.Count}");
    }
}
