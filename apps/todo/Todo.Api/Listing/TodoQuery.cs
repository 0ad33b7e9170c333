using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Todo.Api.Listing;

/// <summary>One question for a list: which todos, in which order, which page of them, and what to count beside.</summary>
internal sealed record TodoQuery(TodoFilter Filter, PageRequest Page, bool Count, IReadOnlyList<string> Facets, string Question)
{
    private static readonly string[] s_facets = ["tags", "category", "priority"];

    public static Outcome<TodoQuery> Read(HttpRequest request)
    {
        var query = Query.Of(request);
        var filter = TodoFilter.Read(query);
        var count = query.Text("count");
        if (count is not (null or "exact" or "estimated"))
        {
            query.Wrong("count", "notOneOf", "count must be exact or estimated.");
        }

        var facets = query.List("facets", s_facets.Length);
        foreach (var unknown in facets.Where(facet => !s_facets.Contains(facet)))
        {
            query.Wrong("facets", "notOneOf", $"facets must be among {string.Join(", ", s_facets)}.");
        }

        return PageRequest.Read(request, query, "position", TodoOrder.Names).Is(out var page, out var problem)
            ? new TodoQuery(filter, page, count is not null, [.. facets.Distinct()], QuestionOf(request))
            : problem;
    }

    /// <summary>What a cursor is bound to.</summary>
    public string Binding(Guid person) => $"{person}\n{Question}";

    private static string QuestionOf(HttpRequest request) => string.Join('\n', request.Query
        .Where(item => item.Key is not ("cursor" or "limit" or "count" or "facets" or "sort"))
        .OrderBy(item => item.Key, StringComparer.Ordinal)
        .Select(item => $"{item.Key}={item.Value}"));
}
