using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Retail.Orders.People;
using Retail.Orders.Sagas;
using Retail.Orders.Streams;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Orders.Endpoints;

internal static class GetOrder
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/orders/{id:guid}", HandleAsync).WithName("getOrder").WithSummary("Reads an order, as it is or as it was.")
            .OpenToAll("Guests look at their orders with the token they were given.")
            .TakesHeader(GuestTokens.Header, "What a guest got when the order was placed.")
            .Takes("at", "The order as it was at this instant.")
            .Produces<OrderDocument>(200);

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

        if (await database.ReadAsync((connection, token) => FindAsync(connection, viewer, id, at, token), cancellation) is not { } order)
        {
            return Viewer.Unknown.ToResult();
        }

        http.Response.Headers.CacheControl = "no-store";
        var etag = Versions.ETag(order.Version);
        return Versions.NotModified(http.Request, etag) ? new Reply(304, [new("ETag", etag)], default) : Reply.Ok(order, OrdersJson.Default.OrderDocument, etag);
    }

    internal static async Task<OrderDocument?> FindAsync(NpgsqlConnection connection, Viewer viewer, Guid id, DateTimeOffset? at, CancellationToken cancellation)
    {
        if (!await viewer.MaySeeAsync(connection, id, cancellation))
        {
            return null;
        }

        if (at is { } instant)
        {
            return await OrderStream.LoadAtAsync(connection, id, instant, cancellation) is { } then
                ? OrderDocuments.Of(then, sagaState: null, await OrderContacts.FindAsync(connection, id, cancellation))
                : null;
        }

        var order = await OrderStream.LoadAsync(connection, id, cancellation);
        var saga = await SagaRows.FindAsync(connection, id, cancellation);
        return order is null ? null : OrderDocuments.Of(order, saga?.Phase.Name(), await OrderContacts.FindAsync(connection, id, cancellation));
    }
}
