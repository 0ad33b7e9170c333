using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Paging;

/// <summary>Which page of a list is asked for: how many items, after which, in which order.</summary>
public sealed record PageRequest(int Limit, string? Cursor, string Sort, bool Descending)
{
    public const int LimitDefault = 50;
    public const int LimitMax = 200;
    private const int CursorCharactersMax = 2_048;

    /// <param name="defaultSort">With a leading minus for descending order, as in <c>-createdAt</c>.</param>
    /// <param name="sorts">What else the list can be ordered by.</param>
    public static Outcome<PageRequest> Read(HttpRequest request, Query query, string defaultSort, params string[] sorts)
    {
        var limit = Math.Min(query.Number("limit", 1, int.MaxValue) ?? LimitDefault, LimitMax);
        var cursor = query.Text("cursor", CursorCharactersMax);
        var wanted = query.Text("sort") ?? defaultSort;
        var name = wanted.TrimStart('-');
        if (name != defaultSort.TrimStart('-') && !sorts.Any(sort => sort.TrimStart('-') == name))
        {
            var allowed = sorts.Append(defaultSort).Select(sort => sort.TrimStart('-')).Distinct();
            query.Wrong("sort", "notOneOf", $"sort must be one of {string.Join(", ", allowed)}, with a leading minus for descending order.");
        }

        if (query.Problem() is { } problem)
        {
            return problem;
        }

        return new PageRequest(limit, cursor, name, wanted.StartsWith('-'));
    }
}
