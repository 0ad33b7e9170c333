using Npgsql;
using Retail.Catalog.Categories;
using Retail.Catalog.Live;
using Retail.Contracts;
using Slipway.Sdk.Database;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Notices;

namespace Retail.Catalog.Stock;

/// <summary>
/// Takes over what the inventory says. The word about it is part of the transaction, other than for changes by people, because nothing
/// here runs after the commit.
/// </summary>
internal static class StockHints
{
    /// <summary>Of the locks that keep a change of a product and word of its stock from passing each other.</summary>
    public const int LockSpace = 0x57_0C_4B;

    public static EventHandling Handling() => EventHandling.Of(
        EventTypes.InventoryUpdated, ContractsJson.Default.StockChanged,
        (changed, _, transaction, _, cancellation) => TakeAsync(transaction, changed, cancellation));

    public static async Task TakeAsync(NpgsqlTransaction transaction, StockChanged changed, CancellationToken cancellation)
    {
        await transaction.Command("select pg_advisory_xact_lock($1, hashtext($2))", LockSpace, changed.Sku).ExecuteAsync(cancellation);
        var taken = await transaction.Command(
            """
            insert into stock_hints (sku, available, version, at) values ($1, $2, $3, now())
            on conflict (sku) do update set available = excluded.available, version = excluded.version, at = excluded.at
            where stock_hints.version < excluded.version
            """,
            changed.Sku, changed.Available, changed.Version).ExecuteAsync(cancellation);
        if (taken == 0)
        {
            return; // Older than what is known, or the same again.
        }

        var touched = await transaction.Command(
            """
            update products p set stock_version = p.stock_version + 1, in_stock = s.in_stock
            from (
                select o.id, o.in_stock as before, exists (
                    select 1 from variants v join stock_hints h on h.sku = v.sku where v.product_id = o.id and h.available > 0) as in_stock
                from products o where o.id = (select product_id from variants where sku = $1)
                for update of o
            ) s
            where p.id = s.id
            returning p.id, p.category, s.before <> s.in_stock
            """,
            changed.Sku).ListAsync(row => (Id: row.GetGuid(0), Category: row.GetString(1), Turned: row.GetBoolean(2)), cancellation);
        foreach (var product in touched)
        {
            // Only a product that is sold out or back again enters or leaves lists.
            var tree = product.Turned ? await CategoryShelf.ReadAsync(transaction.Connection!, cancellation) : CategoryTree.Empty;
            var notice = new ProductNotice(product.Id, NoticeKind.Stock, [.. tree.Path(product.Category).Select(category => category.Slug)]);
            await InstanceNotices.TellInAsync(transaction, NoticeBoard.ChannelName, [notice.Write()], cancellation);
        }
    }
}
