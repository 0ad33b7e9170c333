using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Control.Metering;
using Slipway.Model.Failures;

namespace Slipway.Api.Platform.Usage;

/// <summary>Pages over rows that stay in the database: only forward, because rows are read oldest first.</summary>
internal sealed class LedgerPages(Paging paging)
{
    /// <summary>Answers a list of the ledger with one page of it, if the question is sound and the caller may see it.</summary>
    /// <param name="rows">The rows behind a place, at most so many.</param>
    public async Task<Answer> ListAsync<TRow, TView>(
        PlatformRequest request,
        QueryReader query,
        string what,
        string? @namespace,
        Func<RowPosition?, int, Task<Outcome<IReadOnlyList<TRow>>>> rows,
        Func<TRow, RowPosition> positionOf,
        Func<TRow, TView> show,
        JsonTypeInfo<ListView<TView>> type)
    {
        var (page, after, mismatch) = Read(request, query);
        if ((query.Finish() ?? mismatch) is { } wrong)
        {
            return wrong;
        }

        return request.May("list", PlatformResource.Usage, @namespace ?? "")
            ? Answer(await rows(after, page.Limit + 1), page, positionOf, show, type)
            : Problem.Forbidden(request.Caller.User, "list", what, @namespace);
    }

    public (PageRequest Page, RowPosition? After, Problem? Problem) Read(PlatformRequest request, QueryReader query)
    {
        var (page, problem) = paging.Read(request, query);
        var after = page.Place is { Key: [var ticks, var id] }
            ? new RowPosition(new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero), Guid.Parse(id))
            : null;
        return (page, after, problem);
    }

    /// <param name="rows">One row more than the page holds tells that there is a next page.</param>
    public Answer Answer<TRow, TView>(
        Outcome<IReadOnlyList<TRow>> rows, PageRequest page, Func<TRow, RowPosition> positionOf, Func<TRow, TView> show, JsonTypeInfo<ListView<TView>> type)
    {
        if (rows.Failure is { } failure)
        {
            return Problem.Of(failure);
        }

        var items = rows.Value.Take(page.Limit).ToList();
        var next = rows.Value.Count > page.Limit ? paging.Seal(PlaceOf(positionOf(items[^1])), page.Question) : null;
        return ListAnswer.Of(new Page<TRow>(items, page.Limit, next, null), show, type);
    }

    private static Place PlaceOf(RowPosition position) =>
        new([position.At.UtcTicks.ToString("D19", CultureInfo.InvariantCulture), position.Id.ToString()], Before: false);
}
