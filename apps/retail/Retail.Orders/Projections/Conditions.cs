using System.Globalization;
using Slipway.Sdk.Paging;

namespace Retail.Orders.Projections;

/// <summary>Conditions of a list as SQL with numbered parameters, and the page that comes of it.</summary>
internal sealed class Conditions
{
    private readonly List<string> _parts = [];
    private readonly List<object?> _values = [];

    public string Text => _parts.Count == 0 ? "true" : string.Join(" and ", _parts);

    public ReadOnlySpan<object?> Values => _values.ToArray();

    /// <summary>A value that is null restricts nothing.</summary>
    public void And(string condition, object? value)
    {
        if (value is not null)
        {
            _parts.Add(string.Format(CultureInfo.InvariantCulture, condition, Value(value)));
        }
    }

    /// <summary>Only what lies behind the last row seen.</summary>
    public void After(string columns, bool descending, params ReadOnlySpan<object> keys)
    {
        var placeholders = new List<string>();
        foreach (var key in keys)
        {
            placeholders.Add(Value(key));
        }

        _parts.Add($"({columns}) {(descending ? "<" : ">")} ({string.Join(", ", placeholders)})");
    }

    public string Value(object value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }

    /// <summary>Takes the one row too many away, puts the rows in the order asked for and makes the cursors.</summary>
    public static Page Page<T>(Cursors cursors, PageRequest page, string binding, bool continued, bool backwards, List<T> rows, Func<T, string[]> keys)
    {
        var more = rows.Count > page.Limit;
        if (more)
        {
            rows.RemoveAt(rows.Count - 1);
        }

        if (backwards)
        {
            rows.Reverse();
        }

        string Cursor(string side, T row) => cursors.Write(page, binding, [side, .. keys(row)]);
        var hasNext = rows.Count > 0 && (backwards || more);
        var hasPrev = rows.Count > 0 && (backwards ? more : continued);
        return new Page(page.Limit, hasNext ? Cursor("n", rows[^1]) : null, hasPrev ? Cursor("p", rows[0]) : null, null);
    }
}
