using System.Text.Json;
using Npgsql;
using Retail.Contracts;
using Retail.Inventory.Endpoints;
using Slipway.Sdk.Database;

namespace Retail.Inventory.Reserving;

/// <summary>The tables of reservations. Whoever works on an order holds its row first and the stock after it.</summary>
internal static class ReservationRows
{
    private const string Columns = "order_id, id, status, reason, missing, expires_at";

    /// <summary>The order's row, locked. The first to ask makes it; whoever asks at the same moment waits and then sees what became of it.</summary>
    public static async Task<Reservation> OpenAsync(NpgsqlTransaction transaction, Guid order, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(now);
        var isNew = await transaction.Command(
            """
            insert into reservations (order_id, id, status, expires_at, created_at, updated_at) values ($1, $2, 'new', $3, $4, $4)
            on conflict (order_id) do nothing
            """,
            order, id, until, now).ExecuteAsync(cancellation) == 1;
        return isNew
            ? new Reservation { OrderId = order, Id = id, Status = ReservationStatus.New, ExpiresAt = until }
            : (await LockAsync(transaction, order, wait: true, cancellation))!;
    }

    /// <summary>Null if there is none, or if somebody else works on it and nobody wants to wait.</summary>
    public static async Task<Reservation?> LockAsync(NpgsqlTransaction transaction, Guid order, bool wait, CancellationToken cancellation)
    {
        var found = await transaction.Command($"select {Columns} from reservations where order_id = $1 for update{(wait ? "" : " skip locked")}", order)
            .OneAsync(Read, cancellation);
        return found is null ? null : found with { Lines = await LinesAsync(transaction.Connection!, order, cancellation) };
    }

    public static async Task<Reservation?> FindAsync(NpgsqlConnection connection, Guid order, CancellationToken cancellation)
    {
        var found = await connection.Command($"select {Columns} from reservations where order_id = $1", order).OneAsync(Read, cancellation);
        return found is null ? null : found with { Lines = await LinesAsync(connection, order, cancellation) };
    }

    public static Task SaveAsync(NpgsqlTransaction transaction, Reservation reservation, DateTimeOffset now, CancellationToken cancellation) =>
        transaction.Command(
            "update reservations set status = $2, reason = $3, missing = $4, expires_at = $5, updated_at = $6 where order_id = $1",
            reservation.OrderId,
            reservation.Status,
            Stock.Parameters.Text(reservation.Reason),
            Sql.Json(reservation.Missing.Count == 0 ? null : JsonSerializer.Serialize(reservation.Missing, InventoryJson.Default.IReadOnlyListMissingPiece)),
            reservation.ExpiresAt,
            now).ExecuteAsync(cancellation);

    /// <summary>Replaces the lines: an order that is reserved a second time may get its pieces from other places.</summary>
    public static async Task<IReadOnlyList<ReservationLine>> WriteLinesAsync(
        NpgsqlTransaction transaction, Reservation reservation, IReadOnlyList<Portion> portions, DateTimeOffset now, CancellationToken cancellation)
    {
        if (reservation.Lines.Count > 0)
        {
            await transaction.Command("delete from reservation_lines where order_id = $1", reservation.OrderId).ExecuteAsync(cancellation);
        }

        var lines = portions.Select(portion => new ReservationLine(Guid.CreateVersion7(now), portion.Sku, portion.Location, portion.Quantity, 0)).ToList();
        await transaction.Command(
            """
            insert into reservation_lines (id, order_id, sku, warehouse_location, quantity)
            select line.id, $1, line.sku, line.place, line.quantity from unnest($2::uuid[], $3::text[], $4::text[], $5::integer[]) as line (id, sku, place, quantity)
            """,
            reservation.OrderId,
            lines.Select(line => line.Id).ToArray(),
            lines.Select(line => line.Sku).ToArray(),
            lines.Select(line => line.Location).ToArray(),
            lines.Select(line => line.Quantity).ToArray()).ExecuteAsync(cancellation);
        return lines;
    }

    public static Task ReturnedAsync(NpgsqlTransaction transaction, IReadOnlyList<(Guid Line, int Quantity)> returned, CancellationToken cancellation) =>
        transaction.Command(
            """
            update reservation_lines l set returned = l.returned + back.quantity
            from unnest($1::uuid[], $2::integer[]) as back (id, quantity) where l.id = back.id
            """,
            returned.Select(line => line.Line).ToArray(), returned.Select(line => line.Quantity).ToArray()).ExecuteAsync(cancellation);

    private static async Task<IReadOnlyList<ReservationLine>> LinesAsync(NpgsqlConnection connection, Guid order, CancellationToken cancellation) =>
        await connection.Command("select id, sku, warehouse_location, quantity, returned from reservation_lines where order_id = $1 order by sku, warehouse_location", order)
            .ListAsync(row => new ReservationLine(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetInt32(4)), cancellation);

    private static Reservation Read(NpgsqlDataReader row) => new()
    {
        OrderId = row.GetGuid(0),
        Id = row.GetGuid(1),
        Status = row.GetString(2),
        Reason = row.TextOrNull(3),
        Missing = row.TextOrNull(4) is { } json ? JsonSerializer.Deserialize(json, InventoryJson.Default.IReadOnlyListMissingPiece) ?? [] : [],
        ExpiresAt = row.GetFieldValue<DateTimeOffset>(5),
    };
}
