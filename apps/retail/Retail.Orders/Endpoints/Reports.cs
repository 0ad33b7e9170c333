using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Orders.People;
using Retail.Orders.Reports;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Orders.Endpoints;

internal sealed record ReportList(IReadOnlyList<DayReport> Items);

/// <summary>A day of the shop in figures.</summary>
internal sealed record DayReport
{
    public required DateOnly Day { get; set; }

    public required long Placed { get; set; }

    public required long Confirmed { get; set; }

    public required long Cancelled { get; set; }

    public required long Pieces { get; set; }

    public required decimal Revenue { get; set; }

    public required decimal Refunded { get; set; }

    /// <summary>Different accounts; guests count by order.</summary>
    public required long Buyers { get; set; }

    /// <summary>Of the orders placed, how many per cent were confirmed; null on a day without orders.</summary>
    public required decimal? ConversionPercent { get; set; }

    public required string Currency { get; set; }

    public required DateTimeOffset MadeAt { get; set; }
}

internal static class ListReports
{
    private const int DaysMax = 400;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/orders/reports", HandleAsync).WithName("listOrderReports").WithSummary("Lists the nightly reports, newest first.")
            .RequiresRole("admin").Requires(Viewer.Read)
            .Takes("from", "The first day.")
            .Takes("to", "The last day.")
            .Produces<ReportList>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] DailyReports reports, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var from = query.Date("from") ?? DateOnly.MinValue;
        var to = query.Date("to") ?? DateOnly.MaxValue;
        return query.Problem() is { } wrong
            ? wrong.ToResult()
            : Reply.Ok(new ReportList(await reports.ListAsync(from, to, DaysMax, cancellation)), OrdersJson.Default.ReportList);
    }
}
