using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Orders.People;
using Retail.Orders.Projections;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Orders.Endpoints;

/// <summary>An amount in minor units with its currency.</summary>
internal sealed record Money(long Amount, string Currency);

/// <summary>An order as clients of the second version read it: amounts are money, and all names are written alike.</summary>
internal sealed record MoneyOrder
{
    public required Guid Id { get; set; }

    public required string OrderNumber { get; set; }

    public required Guid? UserId { get; set; }

    public required string Status { get; set; }

    public required string? SagaState { get; set; }

    public required string? CancelReason { get; set; }

    public required IReadOnlyList<MoneyItem> Items { get; set; }

    public required Money Subtotal { get; set; }

    public required Money Tax { get; set; }

    public required Money Shipping { get; set; }

    public required Money Total { get; set; }

    public required Money Captured { get; set; }

    public required Money Refunded { get; set; }

    public required long Version { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public static MoneyOrder Of(OrderDocument order)
    {
        Money Exactly(decimal amount) => new((long)(amount * 100), order.Currency);
        return new MoneyOrder
        {
            Id = order.Id,
            OrderNumber = order.OrderNumber,
            UserId = order.UserId,
            Status = order.Status,
            SagaState = order.SagaState,
            CancelReason = order.CancelReason,
            Items = [.. order.Items.Select(item => new MoneyItem(item.ProductId, item.Sku, item.Name, Exactly(item.UnitPrice), item.Quantity, item.Returned))],
            Subtotal = Exactly(order.Subtotal),
            Tax = Exactly(order.Tax),
            Shipping = Exactly(order.Shipping),
            Total = Exactly(order.Total),
            Captured = Exactly(order.Captured),
            Refunded = Exactly(order.Refunded),
            Version = order.Version,
            CreatedAt = order.CreatedAt,
            UpdatedAt = order.UpdatedAt,
        };
    }
}

internal sealed record MoneyItem(Guid ProductId, string Sku, string Name, Money UnitPrice, int Quantity, int Returned);

internal sealed record MoneyOrderPage(IReadOnlyList<MoneyOrder> Items, Page Page);

internal static class ListMoneyOrders
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/orders", HandleAsync).WithName("listOrdersV2").WithSummary("Lists orders with amounts as money.")
            .Requires(Viewer.Read)
            .TakesPage()
            .Takes("status", "Any of these, separated by commas.")
            .Takes("userId", "Admins: only orders of this account.")
            .Takes("from", "Placed at this instant or later.")
            .Takes("to", "Placed before this instant.")
            .Produces<MoneyOrderPage>(200);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] OrderListing listing, CancellationToken cancellation) =>
        (await ListOrders.ReadAsync(http, listing, cancellation)).Is(out var orders, out var problem)
            ? Reply.Ok(new MoneyOrderPage([.. orders.Items.Select(MoneyOrder.Of)], orders.Page), OrdersJson.Default.MoneyOrderPage)
            : problem.ToResult();
}

internal static class GetMoneyOrder
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/orders/{id:guid}", HandleAsync).WithName("getOrderV2").WithSummary("Reads an order with amounts as money.")
            .OpenToAll("Guests look at their orders with the token they were given.")
            .TakesHeader(GuestTokens.Header, "What a guest got when the order was placed.")
            .Takes("at", "The order as it was at this instant.")
            .Produces<MoneyOrder>(200);

    private static async Task<IResult> HandleAsync(Guid id, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var at = query.Instant("at");
        if (query.Problem() is { } wrong)
        {
            return wrong.ToResult();
        }

        if (!Viewer.Of(http, Viewer.Read).Is(out var viewer, out var problem))
        {
            return problem.ToResult();
        }

        var order = await database.ReadAsync((connection, token) => GetOrder.FindAsync(connection, viewer, id, at, token), cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return order is null ? Viewer.Unknown.ToResult() : Reply.Ok(MoneyOrder.Of(order), OrdersJson.Default.MoneyOrder, Versions.ETag(order.Version));
    }
}
