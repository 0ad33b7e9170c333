using Npgsql;
using Retail.Contracts;
using Slipway.Sdk.Database;

namespace Retail.Orders.Pricing;

/// <summary>A SKU and what it costs, as product events told last.</summary>
internal sealed record Price(string Sku, Guid ProductId, Guid VendorId, string Name, long PriceMinor, string Currency, bool Active);

/// <summary>This service's own copy of the prices: an order can be placed while the catalogue is away.</summary>
internal static class PriceView
{
    /// <summary>Replaces what is known of the product, unless something newer is.</summary>
    public static async Task ApplyAsync(NpgsqlTransaction transaction, ProductChanged product, CancellationToken cancellation)
    {
        if (!await IsNewerAsync(transaction, product.ProductId, product.Version, cancellation))
        {
            return;
        }

        var variants = product.Variants.DistinctBy(variant => variant.Sku, StringComparer.Ordinal).ToList();
        await transaction.Command(
            "delete from prices where product_id = $1 and not sku = any($2)", product.ProductId, variants.Select(variant => variant.Sku)).ExecuteAsync(cancellation);
        await transaction.Command(
            """
            insert into prices (sku, product_id, vendor_id, name, price_minor, currency, active, place)
            select v.sku, $1, $2, v.name, v.price, v.currency, $3, v.place from unnest($4, $5, $6, $7, $8) as v (sku, name, price, currency, place)
            on conflict (sku) do update set product_id = excluded.product_id, vendor_id = excluded.vendor_id, name = excluded.name,
                price_minor = excluded.price_minor, currency = excluded.currency, active = excluded.active, place = excluded.place
            """,
            product.ProductId,
            product.VendorId,
            product.Active,
            variants.Select(variant => variant.Sku).ToArray(),
            variants.Select(variant => variant.Name is { Length: > 0 } name ? $"{product.Name}, {name}" : product.Name).ToArray(),
            variants.Select(variant => variant.PriceMinor).ToArray(),
            variants.Select(variant => variant.Currency).ToArray(),
            Enumerable.Range(0, variants.Count).ToArray()).ExecuteAsync(cancellation);
    }

    public static async Task ForgetAsync(NpgsqlTransaction transaction, ProductDeleted product, CancellationToken cancellation)
    {
        if (await IsNewerAsync(transaction, product.ProductId, product.Version, cancellation))
        {
            await transaction.Command("delete from prices where product_id = $1", product.ProductId).ExecuteAsync(cancellation);
        }
    }

    /// <summary>By SKU, or by product: then its first variant is meant. Names that are neither are missing from the answer.</summary>
    public static async Task<Dictionary<string, Price>> FindAsync(NpgsqlConnection connection, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var products = names.Select(name => Guid.TryParse(name, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct().ToArray();
        var rows = await connection.Command(
            """
            select sku, product_id, vendor_id, name, price_minor, currency, active, place from prices where sku = any($1)
            union
            select sku, product_id, vendor_id, name, price_minor, currency, active, place from prices where product_id = any($2) and place = 0
            """,
            names.Distinct(StringComparer.Ordinal), products).ListAsync(
                row => (Price: new Price(row.GetString(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetInt64(4), row.GetString(5), row.GetBoolean(6)), Place: row.GetInt32(7)),
                cancellation);
        var found = new Dictionary<string, Price>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var price = rows.Find(row => row.Price.Sku == name).Price
                ?? (Guid.TryParse(name, out var id) ? rows.Find(row => row.Price.ProductId == id && row.Place == 0).Price : null);
            if (price is not null)
            {
                found[name] = price;
            }
        }

        return found;
    }

    private static async Task<bool> IsNewerAsync(NpgsqlTransaction transaction, Guid productId, long version, CancellationToken cancellation) =>
        await transaction.Command(
            """
            insert into priced_products (product_id, version) values ($1, $2)
            on conflict (product_id) do update set version = excluded.version where priced_products.version < excluded.version
            """,
            productId, version).ExecuteAsync(cancellation) == 1;
}
