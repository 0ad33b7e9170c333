using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Orders.Ordering;
using Retail.Orders.People;
using Retail.Orders.Projections;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Orders.Endpoints;

internal static class ListOrders
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/orders", HandleAsync).WithName("listOrders").WithSummary("Lists the caller's orders; an admin sees everybody's.")
            .Requires(Viewer.Read)
            .TakesPage()
            .Takes("status", "Any of these, separated by commas.")
            .Takes("userId", "Admins: only orders of this account.")
            .Takes("from", "Placed at this instant or later.")
            .Takes("to", "Placed before this instant.")
            .Produces<OrderPage>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] OrderListing listing, CancellationToken cancellation) =>
        (await ReadAsync(http, listing, cancellation)).Is(out var orders, out var problem) ? Reply.Ok(orders, OrdersJson.Default.OrderPage) : problem.ToResult();

    /// <summary>The page the request asks for; its neighbours are in the answer's Link header already.</summary>
    internal static async Task<Outcome<OrderPage>> ReadAsync(HttpContext http, OrderListing listing, CancellationToken cancellation)
    {
        if (!Viewer.Of(http, Viewer.Read).Is(out var viewer, out var problem))
        {
            return problem;
        }

        var query = Query.Of(http.Request);
        var statuses = query.List("status");
        foreach (var unknown in statuses.Where(status => OrderStatusNames.Find(status) is null))
        {
            query.Wrong("status", "notOneOf", $"{unknown} is no status of an order.");
        }

        var of = query.Text("userId", 36);
        var user = Guid.Empty;
        if (of is not null && !Guid.TryParse(of, out user))
        {
            query.Wrong("userId", "notAnId", "userId must be the id of an account.");
        }

        if (of is not null && !viewer.IsAdmin && user != viewer.UserId)
        {
            query.Wrong("userId", "notAllowed", "Only admins read the orders of others.");
        }

        var filter = new OrderFilter(
            viewer.IsAdmin ? of is null ? null : user : viewer.UserId ?? Guid.Empty, statuses, query.Instant("from"), query.Instant("to"));
        if (!PageRequest.Read(http.Request, query, "-createdAt").Is(out var page, out problem))
        {
            return problem;
        }

        var binding = string.Create(
            CultureInfo.InvariantCulture, $"{viewer.Caller!.Subject}\n{filter.UserId}\n{string.Join(',', filter.Statuses)}\n{filter.From:O}\n{filter.To:O}");
        if (!(await listing.ReadAsync(page, filter, binding, cancellation)).Is(out var orders, out problem))
        {
            return problem;
        }

        Links.Write(http.Response, orders.Page);
        return orders;
    }
}
