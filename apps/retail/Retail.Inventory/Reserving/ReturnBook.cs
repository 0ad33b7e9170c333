using Npgsql;
using Retail.Contracts;
using Retail.Inventory.Stock;
using Slipway.Sdk.Database;

namespace Retail.Inventory.Reserving;

/// <summary>
/// Pieces that come back, once per return id. A return that is heard of before the sale waits for it; more than was sold never
/// goes on the shelf.
/// </summary>
internal sealed class ReturnBook(StockBook book, StockNews news, TimeProvider time)
{
    public async Task ReturnAsync(NpgsqlTransaction transaction, Guid order, Guid id, IReadOnlyList<OrderedPiece> pieces, CancellationToken cancellation)
    {
        // The order's row first, as everybody does; it is made if the sale is still to come, so that the sale cannot miss this return.
        var now = time.GetUtcNow();
        var reservation = await ReservationRows.OpenAsync(transaction, order, now, now, cancellation);
        var back = Allocation.Together(pieces);
        var isNew = await transaction.Command(
            "insert into returns (return_id, order_id, skus, quantities, created_at) values ($1, $2, $3, $4, $5) on conflict (return_id) do nothing",
            id, order, back.Select(piece => piece.Sku).ToArray(), back.Select(piece => piece.Quantity).ToArray(), now).ExecuteAsync(cancellation) == 1;
        if (isNew)
        {
            await SettleAsync(transaction, reservation, cancellation);
        }
        else if (await IsAppliedAsync(transaction, id, cancellation))
        {
            await news.ReleasedAsync(transaction, new StockReleased(order, "returned", back, id), cancellation);
        }
    }

    /// <summary>Puts on the shelf what waits for this order's sale.</summary>
    public async Task SettleAsync(NpgsqlTransaction transaction, Reservation reservation, CancellationToken cancellation)
    {
        if (reservation.Status is not (ReservationStatus.Confirmed or ReservationStatus.Released))
        {
            return;
        }

        var waiting = await transaction.Command(
            "select return_id, skus, quantities from returns where order_id = $1 and applied_at is null order by created_at, return_id for update", reservation.OrderId)
            .ListAsync(row => (Id: row.GetGuid(0), Skus: row.GetFieldValue<string[]>(1), Quantities: row.GetFieldValue<int[]>(2)), cancellation);
        foreach (var (id, skus, quantities) in waiting)
        {
            var asked = skus.Zip(quantities, (sku, quantity) => new OrderedPiece(sku, quantity)).ToList();
            var lines = reservation.Status == ReservationStatus.Confirmed ? Returnable.Of(reservation.Lines, asked) : [];
            await PutBackAsync(transaction, reservation, id, lines, cancellation);
            reservation = reservation with { Lines = Returnable.After(reservation.Lines, lines) };
        }
    }

    private async Task PutBackAsync(
        NpgsqlTransaction transaction, Reservation reservation, Guid id, IReadOnlyList<(ReservationLine Line, int Quantity)> lines, CancellationToken cancellation)
    {
        if (lines.Count > 0)
        {
            var items = await StockRows.LockAsync(transaction, [.. lines.Select(line => line.Line.Sku).Distinct()], cancellation);
            await book.MoveAsync(
                transaction, items, lines.Select(line => new Movement(line.Line.Sku, line.Line.Location, line.Quantity, 0)),
                new Cause(MovementKinds.Returned, "pieces came back", "orders") { OrderId = reservation.OrderId, ReturnId = id }, cancellation);
            await ReservationRows.ReturnedAsync(transaction, [.. lines.Select(line => (line.Line.Id, line.Quantity))], cancellation);
        }

        await transaction.Command("update returns set applied_at = $2 where return_id = $1", id, time.GetUtcNow()).ExecuteAsync(cancellation);
        await news.ReleasedAsync(
            transaction,
            new StockReleased(reservation.OrderId, "returned", Allocation.Together(lines.Select(line => new OrderedPiece(line.Line.Sku, line.Quantity))), id),
            cancellation);
    }

    private static async Task<bool> IsAppliedAsync(NpgsqlTransaction transaction, Guid id, CancellationToken cancellation) =>
        await transaction.Command("select applied_at is not null from returns where return_id = $1", id).OneAsync(row => row.GetBoolean(0), cancellation);
}

/// <summary>Which sold lines a return takes back, at most what is left of each.</summary>
internal static class Returnable
{
    public static IReadOnlyList<(ReservationLine Line, int Quantity)> Of(IReadOnlyList<ReservationLine> lines, IReadOnlyList<OrderedPiece> asked)
    {
        var back = new List<(ReservationLine, int)>();
        foreach (var piece in Allocation.Together(asked))
        {
            var open = piece.Quantity;
            foreach (var line in lines.Where(line => line.Sku == piece.Sku && line.Returned < line.Quantity))
            {
                var taken = Math.Min(open, line.Quantity - line.Returned);
                if (taken > 0)
                {
                    back.Add((line, taken));
                    open -= taken;
                }
            }
        }

        return back;
    }

    public static IReadOnlyList<ReservationLine> After(IReadOnlyList<ReservationLine> lines, IReadOnlyList<(ReservationLine Line, int Quantity)> back) =>
        [.. lines.Select(line => line with { Returned = line.Returned + back.Where(one => one.Line.Id == line.Id).Sum(one => one.Quantity) })];
}
