using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Retail.Contracts;
using Retail.Inventory.Reserving;
using Retail.Inventory.Stock;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Inventory.Endpoints;

/// <summary>Holds all lines of an order, or none. The order's id makes repeating safe.</summary>
internal static class ReserveStock
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/inventory/reserve", HandleAsync).WithName("reserveStock").WithSummary("Holds stock for an order.").Requires(StockRules.WriteScope)
            .Accepts<ReserveBody>("application/json")
            .Produces<OrderReservation>(201);

    private static async Task<IResult> HandleAsync(HttpContext http, [FromServices] Database database, [FromServices] ReservationBook book, CancellationToken cancellation)
    {
        if (StockRules.MayReserve(http.Caller()) is { } forbidden)
        {
            return forbidden.ToResult();
        }

        if (!(await Body.ReadAsync(http.Request, InventoryJson.Default.ReserveBody, cancellation: cancellation)).Is(out var body, out var problem))
        {
            return problem.ToResult();
        }

        if (Check(body).Problem is { } invalid)
        {
            return invalid.ToResult();
        }

        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (!(await PiecesAsync(transaction, body, token)).Is(out var pieces, out var unknown))
                {
                    return Reply.Of(unknown);
                }

                var reservation = await book.ReserveAsync(transaction, body.OrderId, pieces, StockRules.ActorOf(http.Caller()), token);
                return ReplyOf(reservation);
            },
            cancellation);
    }

    private static Reply ReplyOf(Reservation reservation) => reservation.Status switch
    {
        ReservationStatus.Held or ReservationStatus.Confirmed =>
            Reply.Created($"/api/v1/inventory/reservations/{reservation.OrderId}", OrderReservation.Of(reservation), InventoryJson.Default.OrderReservation),
        ReservationStatus.Refused => Reply.Of(OutOfStock(reservation)),
        _ => Reply.Of(ReservationProblems.Over(reservation)),
    };

    private static Problem OutOfStock(Reservation reservation) => Problem.Conflict(
        "outOfStock", "Not enough stock", string.Join(' ', reservation.Missing.Select(line => $"Only {line.Available} of {line.Sku} are left; {line.Requested} were asked for."))) with
    {
        Args = new JsonObject
        {
            ["lines"] = new JsonArray([.. reservation.Missing.Select(line =>
                (JsonNode)new JsonObject { ["sku"] = line.Sku, ["requested"] = line.Requested, ["available"] = line.Available })]),
        },
    };

    private static Outcome<bool> Check(ReserveBody body)
    {
        var findings = new Findings();
        if (body.OrderId == Guid.Empty)
        {
            findings.Add("/orderId", "required", "orderId is required.");
        }

        if (body.Items.Count is 0 or > StockRules.LinesMax)
        {
            findings.Add("/items", "outOfRange", $"items has 1 to {StockRules.LinesMax} lines.");
        }

        for (var at = 0; at < Math.Min(body.Items.Count, StockRules.LinesMax); at++)
        {
            _ = findings.Text($"/items/{at}/productId", body.Items[at].Sku ?? body.Items[at].ProductId, 64);
            if (body.Items[at].Quantity is < 1 or > 1_000_000)
            {
                findings.Add($"/items/{at}/quantity", "outOfRange", "quantity is from 1 to 1000000.");
            }
        }

        return findings.Any ? findings.ToProblem() : true;
    }

    /// <summary>A name nobody knows stays as it is, and is then missing like anything else that is not there.</summary>
    private static async Task<Outcome<IReadOnlyList<OrderedPiece>>> PiecesAsync(NpgsqlTransaction transaction, ReserveBody body, CancellationToken cancellation)
    {
        var names = body.Items.Select(line => (line.Sku ?? line.ProductId)!.Trim()).ToList();
        var known = await StockRows.ResolveAsync(transaction.Connection!, names, cancellation);
        return body.Items.Select((line, at) => new OrderedPiece(known.GetValueOrDefault(names[at], names[at]), line.Quantity)).ToList();
    }
}
