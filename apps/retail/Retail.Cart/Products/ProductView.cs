using Npgsql;
using Retail.Contracts;
using Slipway.Sdk.Database;

namespace Retail.Cart.Products;

/// <summary>What can be put into a cart, at the catalogue's price.</summary>
internal sealed record Sellable(string Sku, Guid ProductId, string Name, long PriceMinor, bool Active, string? ImageUrl);

/// <summary>The catalogue and the stock as this service has been told of them. Older news than what is known changes nothing.</summary>
internal sealed class ProductView
{
    /// <summary>A SKU, or a product's default one.</summary>
    public static Task<Sellable?> FindAsync(NpgsqlConnection connection, string skuOrProduct, CancellationToken cancellation) =>
        connection.Command(
            """
            select sku, product_id, name, price_minor, active, image_url from product_view where sku = $1 or product_id = $2
            order by sku = $1 desc, is_default desc, sku limit 1
            """,
            skuOrProduct, Guid.TryParse(skuOrProduct, out var product) ? product : Guid.Empty)
            .OneAsync(row => new Sellable(row.GetString(0), row.GetGuid(1), row.GetString(2), row.GetInt64(3), row.GetBoolean(4), row.TextOrNull(5)), cancellation);

    /// <summary>What was asked of the catalogue directly. Whatever the catalogue has told or will tell by event is newer.</summary>
    public static Task RememberAsync(NpgsqlTransaction transaction, Sellable product, bool isDefault, CancellationToken cancellation) =>
        transaction.Command(
            """
            insert into product_view (sku, product_id, name, price_minor, active, is_default, image_url, version) values ($1, $2, $3, $4, $5, $6, $7, 0)
            on conflict (sku) do nothing
            """,
            product.Sku, product.ProductId, Cut(product.Name), product.PriceMinor, product.Active, isDefault, Text(product.ImageUrl)).ExecuteAsync(cancellation);

    public static async Task ChangedAsync(NpgsqlTransaction transaction, ProductChanged product, CancellationToken cancellation)
    {
        if (!await IsNewAsync(transaction, product.ProductId, product.Version, deleted: false, cancellation))
        {
            return;
        }

        var variants = product.Variants.Where(variant => variant.Currency == "EUR").Select((variant, index) => (Variant: variant, IsDefault: index == 0))
            .OrderBy(variant => variant.Variant.Sku, StringComparer.Ordinal).ToList();
        var skus = variants.Select(variant => variant.Variant.Sku).ToArray();
        await transaction.Command("delete from product_view where product_id = $1 and sku <> all($2)", product.ProductId, skus).ExecuteAsync(cancellation);
        await transaction.Command(
            """
            insert into product_view (sku, product_id, name, price_minor, active, is_default, image_url, version)
            select variant.sku, $1, variant.name, variant.price, $2, variant.is_default, $3, $4
            from unnest($5::text[], $6::text[], $7::bigint[], $8::boolean[]) as variant (sku, name, price, is_default) order by variant.sku
            on conflict (sku) do update set product_id = excluded.product_id, name = excluded.name, price_minor = excluded.price_minor, active = excluded.active,
                is_default = excluded.is_default, image_url = excluded.image_url, version = excluded.version
            """,
            product.ProductId,
            product.Active,
            Text(product.ImageUrl),
            product.Version,
            skus,
            variants.Select(variant => Cut(variant.Variant.Name is null ? product.Name : $"{product.Name}, {variant.Variant.Name}")).ToArray(),
            variants.Select(variant => variant.Variant.PriceMinor).ToArray(),
            variants.Select(variant => variant.IsDefault).ToArray()).ExecuteAsync(cancellation);
    }

    /// <summary>It stays visible in the carts it lies in, and can no longer be ordered.</summary>
    public static async Task DeletedAsync(NpgsqlTransaction transaction, ProductDeleted product, CancellationToken cancellation)
    {
        if (await IsNewAsync(transaction, product.ProductId, product.Version, deleted: true, cancellation))
        {
            await transaction.Command("update product_view set active = false, version = $2 where product_id = $1", product.ProductId, product.Version).ExecuteAsync(cancellation);
        }
    }

    public static Task StockChangedAsync(NpgsqlTransaction transaction, StockChanged stock, CancellationToken cancellation) =>
        transaction.Command(
            """
            insert into stock_view as known (sku, available, version) values ($1, $2, $3)
            on conflict (sku) do update set available = excluded.available, version = excluded.version where known.version < excluded.version
            """,
            stock.Sku, stock.Available, stock.Version).ExecuteAsync(cancellation);

    public static string Cut(string name) => name.Length <= 255 ? name : name[..255];

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };

    private static async Task<bool> IsNewAsync(NpgsqlTransaction transaction, Guid product, long version, bool deleted, CancellationToken cancellation) =>
        await transaction.Command(
            """
            insert into product_versions as known (product_id, version, deleted) values ($1, $2, $3)
            on conflict (product_id) do update set version = excluded.version, deleted = excluded.deleted where known.version < excluded.version
            """,
            product, version, deleted).ExecuteAsync(cancellation) == 1;
}
