using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Retail.Orders.Ordering;
using Retail.Orders.People;
using Retail.Orders.Sagas;
using Retail.Orders.Streams;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Orders.Endpoints;

internal static class CancelOrder
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/orders/{id:guid}/cancel", HandleAsync).WithName("cancelOrder").WithSummary("Cancels an order that has not been shipped.")
            .OpenToAll("Guests cancel their orders with the token they were given.")
            .TakesHeader(GuestTokens.Header, "What a guest got when the order was placed.")
            .TakesHeader("Idempotency-Key", "Sent again with the same key, the answer is the same.")
            .Produces<OrderDocument>(200);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, [FromServices] Database database, [FromServices] SagaBook sagas, CancellationToken cancellation)
    {
        if (Query.Of(http.Request).Problem() is { } wrong)
        {
            return wrong.ToResult();
        }

        if (!Viewer.Of(http, Viewer.Write).Is(out var viewer, out var problem))
        {
            return problem.ToResult();
        }

        return await Idempotent.RunAsync(http, database, (transaction, token) => CancelAsync(transaction, id, viewer, sagas, token), cancellation);
    }

    private static async Task<Reply> CancelAsync(NpgsqlTransaction transaction, Guid id, Viewer viewer, SagaBook sagas, CancellationToken cancellation)
    {
        var connection = transaction.Connection!;
        if (!await viewer.MaySeeAsync(connection, id, cancellation)
            || await SagaRows.LockAsync(transaction, id, cancellation) is null
            || await OrderStream.LoadAsync(connection, id, cancellation) is not { } order)
        {
            return Reply.Of(Viewer.Unknown);
        }

        if (OrderDecider.MayCancel(order) is { } refused)
        {
            return Reply.Of(refused);
        }

        var reason = viewer.IsAdmin && order.UserId != viewer.UserId ? "cancelledByShop" : "cancelledByBuyer";
        var (saga, next) = (await sagas.TellAsync(transaction, id, new SagaMessage.CancelAsked(reason), cancellation))!.Value;
        return Reply.Ok(OrderDocuments.Of(next, saga.Phase.Name(), contact: null), OrdersJson.Default.OrderDocument, Versions.ETag(next.Version));
    }
}
