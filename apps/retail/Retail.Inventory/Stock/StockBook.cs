using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Inventory.Stock;

/// <summary>The only place where stock changes: places, ledger and news change together, for items that the transaction has locked.</summary>
internal sealed class StockBook(StockNews news, TimeProvider time)
{
    /// <summary>Applies the movements and answers the items as they are afterwards.</summary>
    public async Task<List<StockItem>> MoveAsync(
        NpgsqlTransaction transaction, IReadOnlyDictionary<string, StockItem> locked, IEnumerable<Movement> movements, Cause cause, CancellationToken cancellation)
    {
        var sums = Sum(movements);
        if (sums.Count == 0)
        {
            return [];
        }

        var now = time.GetUtcNow();
        var after = sums.Select(movement => movement.Sku).Distinct().Order(StringComparer.Ordinal).Select(sku => After(locked[sku], sums, now)).ToList();
        await WriteAsync(transaction, sums, after, cause, now, cancellation);
        foreach (var (item, tell) in after)
        {
            await news.ChangedAsync(transaction, item, tell, cancellation);
        }

        return after.ConvertAll(change => change.Item);
    }

    /// <summary>Makes room at a place that was not used before.</summary>
    public async Task<StockItem> OpenPlaceAsync(NpgsqlTransaction transaction, StockItem item, string location, CancellationToken cancellation)
    {
        if (item.Places.Any(place => place.Location == location))
        {
            return item;
        }

        var now = time.GetUtcNow();
        var place = new Place(Guid.CreateVersion7(now), location, 0, 0, 0, now);
        await transaction.Command(
            "insert into inventory (id, sku, product_id, warehouse_location, quantity, reserved, version, updated_at) values ($1, $2, $3, $4, 0, 0, 0, $5)",
            place.Id, item.Sku, Parameters.Id(item.ProductId), location, now).ExecuteAsync(cancellation);
        return item with { Places = [.. item.Places, place] };
    }

    /// <summary>From where on little is left; crossing it by moving the line itself counts as well.</summary>
    public async Task<StockItem> SetThresholdAsync(NpgsqlTransaction transaction, StockItem item, int threshold, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (low, tell) = LowWater.After(item.Low, item.Available, threshold);
        var after = item with { Threshold = threshold, Low = low, Version = item.Version + 1, UpdatedAt = now };
        await transaction.Command(
            "update stock_items set reorder_threshold = $2, low = $3, version = $4, updated_at = $5 where sku = $1",
            item.Sku, threshold, low, after.Version, now).ExecuteAsync(cancellation);
        await news.ChangedAsync(transaction, after, tell, cancellation);
        return after;
    }

    private static List<Movement> Sum(IEnumerable<Movement> movements) =>
        [.. from movement in movements
            group movement by (movement.Sku, movement.Location) into place
            let sum = new Movement(place.Key.Sku, place.Key.Location, place.Sum(one => one.Quantity), place.Sum(one => one.Reserved))
            where sum.Quantity != 0 || sum.Reserved != 0
            select sum];

    private static (StockItem Item, bool Tell) After(StockItem item, List<Movement> sums, DateTimeOffset now)
    {
        var places = item.Places.Select(place => sums.Find(sum => sum.Sku == item.Sku && sum.Location == place.Location) is { Sku: not null } sum
            ? place with { Quantity = place.Quantity + sum.Quantity, Reserved = place.Reserved + sum.Reserved, Version = place.Version + 1, UpdatedAt = now }
            : place).ToList();
        var after = item with { Places = places, Version = item.Version + 1, UpdatedAt = now };
        var (low, tell) = LowWater.After(item.Low, after.Available, item.Threshold);
        return (after with { Low = low }, tell);
    }

    private static async Task WriteAsync(
        NpgsqlTransaction transaction, List<Movement> sums, List<(StockItem Item, bool Tell)> after, Cause cause, DateTimeOffset now, CancellationToken cancellation)
    {
        var written = await transaction.Command(
            """
            with delta as (select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) as delta (sku, place, quantity, reserved)),
            items as (
                update stock_items i set version = i.version + 1, updated_at = $5, low = mark.low
                from unnest($6::text[], $7::boolean[]) as mark (sku, low) where i.sku = mark.sku),
            moved as (
                update inventory i set quantity = i.quantity + delta.quantity, reserved = i.reserved + delta.reserved, version = i.version + 1, updated_at = $5
                from delta where i.sku = delta.sku and i.warehouse_location = delta.place
                returning i.sku, i.warehouse_location, delta.quantity, delta.reserved)
            insert into movements (sku, warehouse_location, quantity_delta, reserved_delta, kind, reason, actor, order_id, return_id, at)
            select moved.sku, moved.warehouse_location, moved.quantity, moved.reserved, $8, $9, $10, $11, $12, $5 from moved
            """,
            sums.Select(sum => sum.Sku).ToArray(),
            sums.Select(sum => sum.Location).ToArray(),
            sums.Select(sum => sum.Quantity).ToArray(),
            sums.Select(sum => sum.Reserved).ToArray(),
            now,
            after.Select(change => change.Item.Sku).ToArray(),
            after.Select(change => change.Item.Low).ToArray(),
            cause.Kind,
            cause.Reason,
            cause.Actor,
            Parameters.Id(cause.OrderId),
            Parameters.Id(cause.ReturnId)).ExecuteAsync(cancellation);
        if (written != sums.Count)
        {
            throw new InvalidOperationException($"{sums.Count} places were to change, but {written} exist.");
        }
    }
}
