using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Inventory.Stock;

/// <summary>Reading what is in stock, with and without holding it.</summary>
internal static class StockRows
{
    private const string ItemColumns = "sku, product_id, vendor_id, name, active, reorder_threshold, low, version, updated_at";

    /// <summary>
    /// The items, locked until the transaction ends. Everybody takes them in the order of their SKUs, so nobody waits in a circle.
    /// The places are read by a statement of their own: the first one may have waited, and only a later one sees what was written meanwhile.
    /// </summary>
    public static async Task<Dictionary<string, StockItem>> LockAsync(NpgsqlTransaction transaction, IReadOnlyCollection<string> skus, CancellationToken cancellation)
    {
        var found = await ReadAsync(transaction.Connection!, transaction, $"select {ItemColumns} from stock_items where sku = any($1) order by sku for update", skus, cancellation);
        return found.ToDictionary(item => item.Sku, StringComparer.Ordinal);
    }

    public static Task<List<StockItem>> ReadAsync(NpgsqlConnection connection, IReadOnlyCollection<string> skus, CancellationToken cancellation) =>
        ReadAsync(connection, null, $"select {ItemColumns} from stock_items where sku = any($1) order by sku", skus, cancellation);

    /// <summary>The SKU that is meant: the text itself, or the default one of a product.</summary>
    public static async Task<string?> ResolveAsync(NpgsqlConnection connection, string skuOrProduct, CancellationToken cancellation) =>
        (await ResolveAsync(connection, [skuOrProduct], cancellation)).GetValueOrDefault(skuOrProduct);

    public static async Task<Dictionary<string, string>> ResolveAsync(NpgsqlConnection connection, IReadOnlyCollection<string> skusOrProducts, CancellationToken cancellation)
    {
        var products = skusOrProducts.Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).ToArray();
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var rows = await connection.Command(
            """
            select sku, product_id, is_default from stock_items where sku = any($1) or product_id = any($2) order by product_id, is_default, sku
            """,
            skusOrProducts.ToArray(), products).ListAsync(row => (Sku: row.GetString(0), Product: row.OrNull<Guid>(1)), cancellation);
        var defaults = rows.Where(row => row.Product is not null).GroupBy(row => row.Product!.Value).ToDictionary(group => group.Key, group => group.Last().Sku);
        var skus = rows.Select(row => row.Sku).ToHashSet(StringComparer.Ordinal);
        foreach (var text in skusOrProducts)
        {
            if (skus.Contains(text))
            {
                found[text] = text;
            }
            else if (Guid.TryParse(text, out var product) && defaults.TryGetValue(product, out var sku))
            {
                found[text] = sku;
            }
        }

        return found;
    }

    private const string PlacesSql =
        "select sku, id, warehouse_location, quantity, reserved, version, updated_at from inventory where sku = any($1) order by sku, warehouse_location";

    private static async Task<List<StockItem>> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string itemsSql, IReadOnlyCollection<string> skus, CancellationToken cancellation)
    {
        var asked = skus.ToArray();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(itemsSql) { Parameters = { new() { Value = asked } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PlacesSql) { Parameters = { new() { Value = asked } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var (items, places) = (new List<StockItem>(), new List<(string Sku, Place Place)>());
        while (await reader.ReadAsync(cancellation))
        {
            items.Add(ReadItem(reader));
        }

        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            places.Add(ReadPlace(reader));
        }

        return Join(items, places);
    }

    private static StockItem ReadItem(NpgsqlDataReader row) => new()
    {
        Sku = row.GetString(0),
        ProductId = row.OrNull<Guid>(1),
        VendorId = row.OrNull<Guid>(2),
        Name = row.TextOrNull(3),
        Active = row.GetBoolean(4),
        Threshold = row.GetInt32(5),
        Low = row.GetBoolean(6),
        Version = row.GetInt64(7),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(8),
    };

    private static (string Sku, Place Place) ReadPlace(NpgsqlDataReader row) => (
        row.GetString(0),
        new Place(row.GetGuid(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetFieldValue<DateTimeOffset>(6)));

    private static List<StockItem> Join(List<StockItem> items, List<(string Sku, Place Place)> places)
    {
        var bySku = places.ToLookup(place => place.Sku, place => place.Place, StringComparer.Ordinal);
        return items.ConvertAll(item => item with { Places = [.. bySku[item.Sku]] });
    }
}
