using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Titanic.Api.Listing;

/// <summary>A list as it is asked for: whom, in which order, and which piece, by cursor or by the number of a page.</summary>
internal sealed record PeopleQuery(PeopleFilter Filter, PageRequest Page, int? PageNumber, bool Count)
{
    /// <summary>Nobody turns so many pages; cursors go to the end.</summary>
    public const int NumberedRowsMax = 10_000;

    public static Outcome<PeopleQuery> Read(HttpRequest request)
    {
        var query = Query.Of(request);
        var filter = PeopleFilter.Read(query);
        var (number, size) = (query.Number("page", 1, NumberedRowsMax), query.Number("pageSize", 1, PageRequest.LimitMax));
        var count = query.Flag("count") ?? false;
        if (number is null && size is not null)
        {
            query.Wrong("pageSize", "needsPage", "pageSize goes with page; with cursors it is called limit.");
        }

        if ((number ?? 0) * (long)(size ?? PageRequest.LimitDefault) > NumberedRowsMax)
        {
            query.Wrong("page", "tooDeep", $"page times pageSize may be at most {NumberedRowsMax}. Follow page.next of an answer without page instead, or take the export.");
        }

        if (number is not null && (request.Query.ContainsKey("cursor") || request.Query.ContainsKey("limit")))
        {
            query.Wrong("page", "contradictory", "Use page with pageSize, or cursor with limit.");
        }

        return PageRequest.Read(request, query, PeopleOrder.Names[0], PeopleOrder.Names).Is(out var page, out var problem)
            ? new PeopleQuery(filter, number is null ? page : page with { Limit = size ?? PageRequest.LimitDefault }, number, count)
            : problem;
    }
}
