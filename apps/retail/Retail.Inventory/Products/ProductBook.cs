using Npgsql;
using Retail.Contracts;
using Retail.Inventory.Stock;
using Slipway.Sdk.Database;

namespace Retail.Inventory.Products;

/// <summary>Which SKUs exist, as the catalogue tells it. An older version than the one known changes nothing.</summary>
internal sealed class ProductBook(TimeProvider time)
{
    public async Task ChangedAsync(NpgsqlTransaction transaction, ProductChanged product, CancellationToken cancellation)
    {
        if (!await IsNewAsync(transaction, product.ProductId, product.Version, deleted: false, cancellation))
        {
            return;
        }

        var now = time.GetUtcNow();
        var variants = product.Variants.Select((variant, index) => (variant.Sku, IsDefault: index == 0, variant.Name)).OrderBy(variant => variant.Sku, StringComparer.Ordinal).ToList();
        await transaction.Command(
            """
            insert into stock_items (sku, product_id, vendor_id, name, active, is_default, product_version, updated_at)
            select variant.sku, $1, $2, variant.name, $3, variant.is_default, $4, $5
            from unnest($6::text[], $7::text[], $8::boolean[]) as variant (sku, name, is_default) order by variant.sku
            on conflict (sku) do update set product_id = excluded.product_id, vendor_id = excluded.vendor_id, name = excluded.name, active = excluded.active,
                is_default = excluded.is_default, product_version = excluded.product_version, updated_at = excluded.updated_at
            """,
            product.ProductId,
            product.VendorId,
            product.Active,
            product.Version,
            now,
            variants.Select(variant => variant.Sku).ToArray(),
            variants.Select(variant => variant.Name is null ? product.Name : $"{product.Name}, {variant.Name}").ToArray(),
            variants.Select(variant => variant.IsDefault).ToArray()).ExecuteAsync(cancellation);
        await transaction.Command(
            """
            update stock_items set active = false, is_default = false, updated_at = $3
            where sku in (select sku from stock_items where product_id = $1 and sku <> all($2) order by sku for update)
            """,
            product.ProductId, variants.Select(variant => variant.Sku).ToArray(), now).ExecuteAsync(cancellation);
        await transaction.Command(
            "update inventory set product_id = $1 where sku = any($2) and product_id is distinct from $1",
            product.ProductId, variants.Select(variant => variant.Sku).ToArray()).ExecuteAsync(cancellation);
    }

    /// <summary>Nothing more is reserved of it; what lies there stays in the books.</summary>
    public async Task DeletedAsync(NpgsqlTransaction transaction, ProductDeleted product, CancellationToken cancellation)
    {
        if (await IsNewAsync(transaction, product.ProductId, product.Version, deleted: true, cancellation))
        {
            await transaction.Command(
                """
                update stock_items set active = false, updated_at = $2
                where sku in (select sku from stock_items where product_id = $1 order by sku for update)
                """,
                product.ProductId, time.GetUtcNow()).ExecuteAsync(cancellation);
        }
    }

    private static async Task<bool> IsNewAsync(NpgsqlTransaction transaction, Guid product, long version, bool deleted, CancellationToken cancellation) =>
        await transaction.Command(
            """
            insert into product_versions as known (product_id, version, deleted) values ($1, $2, $3)
            on conflict (product_id) do update set version = excluded.version, deleted = excluded.deleted
            where known.version < excluded.version
            """,
            product, version, deleted).ExecuteAsync(cancellation) == 1;
}
