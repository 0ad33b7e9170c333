using Npgsql;
using Retail.Contracts;
using Retail.Inventory.Stock;

namespace Retail.Inventory.Reserving;

/// <summary>How long stock is held for an order that is not paid yet.</summary>
internal sealed record HoldTime(TimeSpan Length);

/// <summary>
/// Everything an order can do to stock, each under the order's id and as often and in whatever order it is asked: what was done
/// already is told again, not done again. Cancelling before reserving leaves a mark that refuses the reservation when it comes.
/// </summary>
internal sealed class ReservationBook(StockBook book, StockNews news, ReturnBook returns, ReservationMetrics metrics, HoldTime hold, TimeProvider time)
{
    public async Task<Reservation> ReserveAsync(
        NpgsqlTransaction transaction, Guid order, IReadOnlyList<OrderedPiece> pieces, string actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var reservation = await ReservationRows.OpenAsync(transaction, order, now, now + hold.Length, cancellation);
        if (reservation.Status is not (ReservationStatus.New or ReservationStatus.Early))
        {
            await TellAgainAsync(transaction, reservation, cancellation);
            return reservation;
        }

        var confirmed = reservation.Status == ReservationStatus.Early;
        reservation = reservation with { ExpiresAt = now + hold.Length };
        var (held, items) = await TakeAsync(transaction, reservation, pieces, "out_of_stock", cancellation);
        if (held.Status == ReservationStatus.Refused)
        {
            return held;
        }

        await MoveAsync(transaction, items, held, line => new Movement(line.Sku, line.Location, 0, line.Quantity), new Cause(MovementKinds.Reserved, "order placed", actor), cancellation);
        await ReservationRows.SaveAsync(transaction, held, now, cancellation);
        await news.ReservedAsync(transaction, new StockReserved(order, held.Id, held.Pieces, held.ExpiresAt), cancellation);
        metrics.Count("reserved");
        return confirmed ? await ConfirmAsync(transaction, order, actor, cancellation) : held;
    }

    /// <summary>What is held is sold. What was held too long is taken anew, if it is still there.</summary>
    public async Task<Reservation> ConfirmAsync(NpgsqlTransaction transaction, Guid order, string actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var reservation = await ReservationRows.OpenAsync(transaction, order, now, now + hold.Length, cancellation);
        switch (reservation.Status)
        {
            case ReservationStatus.New:
                return await SaveAsync(transaction, reservation with { Status = ReservationStatus.Early }, now, cancellation);
            case ReservationStatus.Held:
                var items = await StockRows.LockAsync(transaction, Skus(reservation), cancellation);
                return await SellAsync(transaction, reservation, items, fromHeld: true, actor, now, cancellation);
            case ReservationStatus.Expired:
                var (taken, locked) = await TakeAsync(transaction, reservation, reservation.Pieces, "expired", cancellation);
                return taken.Status == ReservationStatus.Refused ? taken : await SellAsync(transaction, taken, locked, fromHeld: false, actor, now, cancellation);
            default:
                await TellAgainAsync(transaction, reservation, cancellation);
                return reservation;
        }
    }

    /// <summary>What is held is free again; what is sold already goes back on its shelf.</summary>
    public async Task<Reservation> ReleaseAsync(NpgsqlTransaction transaction, Guid order, string reason, string actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var reservation = await ReservationRows.OpenAsync(transaction, order, now, now + hold.Length, cancellation);
        if (reservation.Status == ReservationStatus.Released)
        {
            await TellAgainAsync(transaction, reservation, cancellation);
            return reservation;
        }

        var free = await GiveBackAsync(transaction, reservation, reason, actor, cancellation);
        var released = await SaveAsync(transaction, reservation with { Status = ReservationStatus.Released, Reason = "cancelled" }, now, cancellation);
        await news.ReleasedAsync(transaction, new StockReleased(order, "cancelled", free, null), cancellation);
        await returns.SettleAsync(transaction, released, cancellation);
        metrics.Count("released");
        return released;
    }

    /// <summary>Null when it need not expire, or when somebody else is at it.</summary>
    public async Task<Reservation?> ExpireAsync(NpgsqlTransaction transaction, Guid order, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await ReservationRows.LockAsync(transaction, order, wait: false, cancellation) is not { Status: ReservationStatus.Held } reservation || reservation.ExpiresAt > now)
        {
            return null;
        }

        var items = await StockRows.LockAsync(transaction, Skus(reservation), cancellation);
        await MoveAsync(
            transaction, items, reservation, line => new Movement(line.Sku, line.Location, 0, -line.Quantity),
            new Cause(MovementKinds.Expired, "not paid in time", "clock"), cancellation);
        var expired = await SaveAsync(transaction, reservation with { Status = ReservationStatus.Expired, Reason = "expired" }, now, cancellation);
        await news.ReleasedAsync(transaction, new StockReleased(order, "expired", expired.Pieces, null), cancellation);
        metrics.Count("expired");
        return expired;
    }

    /// <summary>Finds the pieces and notes where they come from; a refusal is saved and told here.</summary>
    private async Task<(Reservation Reservation, Dictionary<string, StockItem> Items)> TakeAsync(
        NpgsqlTransaction transaction, Reservation reservation, IReadOnlyList<OrderedPiece> pieces, string refusal, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var together = Allocation.Together(pieces);
        var skus = together.Select(piece => piece.Sku).ToArray();

        // What is sold out at a look is refused without waiting in line for the rows: most of a rush comes too late.
        var items = (await StockRows.ReadAsync(transaction.Connection!, skus, cancellation)).ToDictionary(item => item.Sku, StringComparer.Ordinal);
        var allocation = Allocation.Of(together, items);
        if (allocation.Missing.Count == 0)
        {
            items = await StockRows.LockAsync(transaction, skus, cancellation);
            allocation = Allocation.Of(together, items);
        }

        if (allocation.Missing.Count > 0)
        {
            var refused = await SaveAsync(
                transaction, reservation with { Status = ReservationStatus.Refused, Reason = refusal, Missing = allocation.Missing }, now, cancellation);
            await news.RefusedAsync(transaction, new ReservationFailed(reservation.OrderId, refusal, allocation.Missing), cancellation);
            metrics.Count("refused");
            return (refused, items);
        }

        var lines = await ReservationRows.WriteLinesAsync(transaction, reservation, allocation.Portions, now, cancellation);
        return (reservation with { Status = ReservationStatus.Held, Reason = null, Lines = lines }, items);
    }

    private async Task<Reservation> SellAsync(
        NpgsqlTransaction transaction, Reservation reservation, Dictionary<string, StockItem> items, bool fromHeld, string actor, DateTimeOffset now, CancellationToken cancellation)
    {
        await MoveAsync(
            transaction, items, reservation, line => new Movement(line.Sku, line.Location, -line.Quantity, fromHeld ? -line.Quantity : 0),
            new Cause(MovementKinds.Sold, "order confirmed", actor), cancellation);
        var sold = await SaveAsync(transaction, reservation with { Status = ReservationStatus.Confirmed, Reason = null }, now, cancellation);
        await news.CommittedAsync(transaction, new StockCommitted(sold.OrderId, sold.Pieces), cancellation);
        metrics.Count("confirmed");
        await returns.SettleAsync(transaction, sold, cancellation);
        return sold;
    }

    /// <summary>Answers what is free again by it.</summary>
    private async Task<IReadOnlyList<OrderedPiece>> GiveBackAsync(
        NpgsqlTransaction transaction, Reservation reservation, string reason, string actor, CancellationToken cancellation)
    {
        switch (reservation.Status)
        {
            case ReservationStatus.Held:
                var items = await StockRows.LockAsync(transaction, Skus(reservation), cancellation);
                await MoveAsync(
                    transaction, items, reservation, line => new Movement(line.Sku, line.Location, 0, -line.Quantity), new Cause(MovementKinds.Released, reason, actor), cancellation);
                return reservation.Pieces;
            case ReservationStatus.Confirmed:
                var shelves = await StockRows.LockAsync(transaction, Skus(reservation), cancellation);
                await MoveAsync(
                    transaction, shelves, reservation, line => new Movement(line.Sku, line.Location, line.Quantity - line.Returned, 0),
                    new Cause(MovementKinds.Restocked, reason, actor), cancellation);
                var left = reservation.Lines.Where(line => line.Quantity > line.Returned).ToList();
                await ReservationRows.ReturnedAsync(transaction, left.ConvertAll(line => (line.Id, line.Quantity - line.Returned)), cancellation);
                return Allocation.Together(left.Select(line => new OrderedPiece(line.Sku, line.Quantity - line.Returned)));
            default:
                return [];
        }
    }

    private Task TellAgainAsync(NpgsqlTransaction transaction, Reservation reservation, CancellationToken cancellation) => reservation.Status switch
    {
        ReservationStatus.Held => news.ReservedAsync(transaction, new StockReserved(reservation.OrderId, reservation.Id, reservation.Pieces, reservation.ExpiresAt), cancellation),
        ReservationStatus.Confirmed => news.CommittedAsync(transaction, new StockCommitted(reservation.OrderId, reservation.Pieces), cancellation),
        ReservationStatus.Refused => news.RefusedAsync(transaction, new ReservationFailed(reservation.OrderId, reservation.Reason ?? "out_of_stock", reservation.Missing), cancellation),
        ReservationStatus.Released or ReservationStatus.Expired =>
            news.ReleasedAsync(transaction, new StockReleased(reservation.OrderId, reservation.Reason ?? "cancelled", reservation.Pieces, null), cancellation),
        _ => Task.CompletedTask,
    };

    private Task<List<StockItem>> MoveAsync(
        NpgsqlTransaction transaction, Dictionary<string, StockItem> items, Reservation reservation, Func<ReservationLine, Movement> movement, Cause cause, CancellationToken cancellation) =>
        book.MoveAsync(transaction, items, reservation.Lines.Select(movement), cause with { OrderId = reservation.OrderId }, cancellation);

    private static async Task<Reservation> SaveAsync(NpgsqlTransaction transaction, Reservation reservation, DateTimeOffset now, CancellationToken cancellation)
    {
        await ReservationRows.SaveAsync(transaction, reservation, now, cancellation);
        return reservation;
    }

    private static string[] Skus(Reservation reservation) => [.. reservation.Lines.Select(line => line.Sku).Distinct()];
}
