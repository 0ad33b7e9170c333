using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Inventory.Reserving;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Inventory.Endpoints;

/// <summary>The two ways a reservation ends: free again, or sold. Repeating either changes nothing.</summary>
internal static class SettleReservation
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/inventory/release", ReleaseAsync).WithName("releaseStock").WithSummary("Frees what an order holds, or takes back what it bought.").Requires(StockRules.WriteScope)
            .Accepts<OrderBody>("application/json").Produces<OrderReservation>(200);
        api.MapPost("/inventory/confirm", ConfirmAsync).WithName("confirmStock").WithSummary("Sells what an order holds.").Requires(StockRules.WriteScope)
            .Accepts<OrderBody>("application/json").Produces<OrderReservation>(200);
        api.MapGet("/inventory/reservations/{orderId:guid}", ReadAsync).WithName("getReservation").WithSummary("What an order holds.").Requires(StockRules.ReadScope)
            .Produces<OrderReservation>(200);
    }

    private static Task<IResult> ReleaseAsync(HttpContext http, [FromServices] Database database, [FromServices] ReservationBook book, CancellationToken cancellation) =>
        SettleAsync(
            http, database,
            (transaction, body, token) => book.ReleaseAsync(transaction, body.OrderId, body.Reason ?? "released", StockRules.ActorOf(http.Caller()), token),
            cancellation);

    private static Task<IResult> ConfirmAsync(HttpContext http, [FromServices] Database database, [FromServices] ReservationBook book, CancellationToken cancellation) =>
        SettleAsync(
            http, database,
            (transaction, body, token) => book.ConfirmAsync(transaction, body.OrderId, StockRules.ActorOf(http.Caller()), token),
            cancellation);

    private static async Task<IResult> ReadAsync(Guid orderId, HttpContext http, [FromServices] Database database, CancellationToken cancellation)
    {
        if ((StockRules.MayReserve(http.Caller()) ?? Query.Of(http.Request).Problem()) is { } problem)
        {
            return problem.ToResult();
        }

        var reservation = await database.ReadAsync((connection, token) => ReservationRows.FindAsync(connection, orderId, token), cancellation);
        return reservation is null ? Problem.NotFound("reservation").ToResult() : Reply.Ok(OrderReservation.Of(reservation), InventoryJson.Default.OrderReservation);
    }

    private static async Task<IResult> SettleAsync(
        HttpContext http, Database database, Func<Npgsql.NpgsqlTransaction, OrderBody, CancellationToken, Task<Reservation>> settle, CancellationToken cancellation)
    {
        if (StockRules.MayReserve(http.Caller()) is { } forbidden)
        {
            return forbidden.ToResult();
        }

        if (!(await Body.ReadAsync(http.Request, InventoryJson.Default.OrderBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        body.Reason = findings.OptionalText("/reason", body.Reason, 200);
        if (body.OrderId == Guid.Empty)
        {
            findings.Add("/orderId", "required", "orderId is required.");
        }

        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        var reservation = await database.WriteAsync((transaction, token) => settle(transaction, body, token), cancellation);
        return reservation.Status == ReservationStatus.Refused
            ? ReservationProblems.Over(reservation).ToResult()
            : Reply.Ok(OrderReservation.Of(reservation), InventoryJson.Default.OrderReservation);
    }
}
