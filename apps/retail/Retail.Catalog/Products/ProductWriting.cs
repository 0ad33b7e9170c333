using System.Text.Json;
using Npgsql;
using Retail.Catalog.Categories;
using Retail.Catalog.Endpoints;
using Retail.Catalog.Searching;
using Slipway.Sdk.Database;

namespace Retail.Catalog.Products;

/// <summary>Writes products, one or thousands with the same statements.</summary>
internal static class ProductWriting
{
    /// <summary>More are written by nobody but a load of test data, which no stock is told of meanwhile.</summary>
    private const int LockedMax = 500;

    private const char Separator = '\u001F';

    /// <summary>False when a SKU is taken; the transaction must then be undone.</summary>
    public static async Task<bool> InsertAsync(NpgsqlTransaction transaction, IReadOnlyList<Product> products, CategoryTree tree, CancellationToken cancellation)
    {
        await LockStockAsync(transaction, products, cancellation);
        var inserted = await transaction.Command(
            """
            insert into products (id, sku, vendor_id, category, name, name_de, description, description_de, attributes, price_minor, currency, active,
                created_at, updated_at, version, image, traits, search)
            select i.id, i.sku, i.vendor_id, i.category, i.name, i.name_de, i.description, i.description_de, i.attributes::jsonb, i.price_minor, i.currency, i.active,
                i.created_at, i.created_at, 1, i.image, coalesce(string_to_array(nullif(i.traits, ''), $18), '{}'),
                product_search(i.names, i.names_de, i.categories, i.traits, i.description, coalesce(i.description_de, ''))
            from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::text[],
                $12::bool[], $13::timestamptz[], $14::text[], $15::text[], $16::text[], $17::text[], $19::text[])
                as i(id, sku, vendor_id, category, name, name_de, description, description_de, attributes, price_minor, currency, active, created_at, traits,
                names, names_de, categories, image)
            on conflict (id) do nothing
            """,
            Column(products, product => product.Id), Column(products, product => product.Default.Sku), Column(products, product => product.VendorId),
            Column(products, product => product.Content.Category), Column(products, product => product.Content.Name), Column(products, product => product.Content.NameDe),
            Column(products, product => product.Content.Description), Column(products, product => product.Content.DescriptionDe),
            Column(products, product => Json(product.Content.Attributes)), Column(products, product => product.Default.PriceMinor),
            Column(products, product => product.Default.Currency), Column(products, product => product.Content.Active),
            Column(products, product => product.CreatedAt.UtcDateTime), Column(products, product => Traits(product.Content)),
            Column(products, product => Names(product.Content, german: false)), Column(products, product => Names(product.Content, german: true)),
            Column(products, product => CategoryNames(product.Content, tree)), Separator.ToString(), Column(products, product => product.Image)).ExecuteAsync(cancellation);
        if (inserted < products.Count || !await SaveVariantsAsync(transaction, products, cancellation))
        {
            return false;
        }

        await FinishAsync(transaction, products, tree, cancellation);
        return true;
    }

    /// <summary>False when a SKU is taken; the transaction must then be undone.</summary>
    public static async Task<bool> UpdateAsync(NpgsqlTransaction transaction, Product product, CategoryTree tree, CancellationToken cancellation)
    {
        await LockStockAsync(transaction, [product], cancellation);
        var content = product.Content;
        await transaction.Command("delete from variants where product_id = $1 and sku <> all($2)", product.Id, content.Variants.Select(variant => variant.Sku))
            .ExecuteAsync(cancellation);
        await transaction.Command(
            """
            update products set sku = $2, category = $3, name = $4, name_de = $5, description = $6, description_de = $7, attributes = $8::text::jsonb, price_minor = $9,
                currency = $10, active = $11, updated_at = $12, version = $13, image = $14, traits = coalesce(string_to_array(nullif($15, ''), $16), '{}'),
                search = product_search($17, $18, $19, $15, $6, coalesce($7, ''))
            where id = $1
            """,
            product.Id, product.Default.Sku, content.Category, content.Name, content.NameDe, content.Description, content.DescriptionDe, Json(content.Attributes),
            product.Default.PriceMinor, product.Default.Currency, content.Active, product.UpdatedAt, product.Version, product.Image, Traits(content),
            Separator.ToString(), Names(content, german: false), Names(content, german: true), CategoryNames(content, tree)).ExecuteAsync(cancellation);
        if (!await SaveVariantsAsync(transaction, [product], cancellation))
        {
            return false;
        }

        await FinishAsync(transaction, [product], tree, cancellation);
        return true;
    }

    /// <summary>Its SKUs may be used again; its prices and the row itself stay for those who ask what it was.</summary>
    public static async Task DeleteAsync(NpgsqlTransaction transaction, Product product, DateTimeOffset now, CancellationToken cancellation)
    {
        await transaction.Command(
            "update products set deleted_at = $2, updated_at = $2, version = $3, image = null, in_stock = false where id = $1", product.Id, now, product.Version)
            .ExecuteAsync(cancellation);
        await transaction.Command("delete from variants where product_id = $1", product.Id).ExecuteAsync(cancellation);
        await transaction.Command("delete from product_images where product_id = $1", product.Id).ExecuteAsync(cancellation);
    }

    public static async Task RecordPricesAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(Guid ProductId, Variant Variant)> prices, DateTimeOffset now, string by, CancellationToken cancellation)
    {
        if (prices.Count > 0)
        {
            await transaction.Command(
                """
                insert into price_changes (product_id, sku, price_minor, currency, changed_at, changed_by)
                select i.product_id, i.sku, i.price_minor, i.currency, $5, $6
                from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[]) as i(product_id, sku, price_minor, currency)
                """,
                Column(prices, price => price.ProductId), Column(prices, price => price.Variant.Sku), Column(prices, price => price.Variant.PriceMinor),
                Column(prices, price => price.Variant.Currency), now, by).ExecuteAsync(cancellation);
        }
    }

    /// <summary>Word of stock for these SKUs waits until the transaction is over, so that neither side misses the other.</summary>
    private static async Task LockStockAsync(NpgsqlTransaction transaction, IReadOnlyList<Product> products, CancellationToken cancellation)
    {
        var skus = products.SelectMany(product => product.Content.Variants.Select(variant => variant.Sku)).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (skus.Length <= LockedMax)
        {
            await transaction.Command("select pg_advisory_xact_lock($1, hashtext(i.sku)) from unnest($2::text[]) with ordinality i(sku, place) order by place", Stock.StockHints.LockSpace, skus)
                .ExecuteAsync(cancellation);
        }
    }

    private static async Task<bool> SaveVariantsAsync(NpgsqlTransaction transaction, IReadOnlyList<Product> products, CancellationToken cancellation)
    {
        var rows = products.SelectMany(product => product.Content.Variants.Select((variant, at) => (Product: product.Id, Variant: variant, At: at))).ToArray();
        var saved = await transaction.Command(
            """
            insert into variants (sku, product_id, position, name, price_minor, currency, attributes)
            select i.sku, i.product_id, i.position, i.name, i.price_minor, i.currency, i.attributes::jsonb
            from unnest($1::text[], $2::uuid[], $3::int[], $4::text[], $5::bigint[], $6::text[], $7::text[])
                as i(sku, product_id, position, name, price_minor, currency, attributes)
            on conflict (sku) do update set position = excluded.position, name = excluded.name, price_minor = excluded.price_minor,
                currency = excluded.currency, attributes = excluded.attributes
            where variants.product_id = excluded.product_id
            """,
            Column(rows, row => row.Variant.Sku), Column(rows, row => row.Product), Column(rows, row => row.At), Column(rows, row => row.Variant.Name),
            Column(rows, row => row.Variant.PriceMinor), Column(rows, row => row.Variant.Currency), Column(rows, row => Json(row.Variant.Attributes)))
            .ExecuteAsync(cancellation);
        return saved == rows.Length;
    }

    private static async Task FinishAsync(NpgsqlTransaction transaction, IReadOnlyList<Product> products, CategoryTree tree, CancellationToken cancellation)
    {
        await transaction.Command(
            """
            update products p set in_stock = s.in_stock from (
                select i.id, exists (select 1 from variants v join stock_hints h on h.sku = v.sku where v.product_id = i.id and h.available > 0) as in_stock
                from unnest($1::uuid[]) as i(id)
            ) s where p.id = s.id and p.in_stock <> s.in_stock
            """,
            Column(products, product => product.Id)).ExecuteAsync(cancellation);
        var words = SearchWords.Vocabulary(products.SelectMany(product => new[]
        {
            Names(product.Content, german: false), Names(product.Content, german: true), CategoryNames(product.Content, tree),
            string.Join(' ', product.Content.Traits().Select(trait => trait[(trait.IndexOf('=', StringComparison.Ordinal) + 1)..])),
        }));
        await transaction.Command("insert into search_words (word) select i.word from unnest($1::text[]) as i(word) on conflict do nothing", (object)words).ExecuteAsync(cancellation);
    }

    /// <summary>SKUs are found by their parts, so what joins those is taken away.</summary>
    private static string Names(ProductContent content, bool german) => string.Join(' ', content.Variants.SelectMany(variant => new[] { variant.Sku, variant.Name })
        .Append(german ? content.NameDe ?? content.Name : content.Name)).Replace('-', ' ').Replace('.', ' ').Replace('_', ' ');

    private static string CategoryNames(ProductContent content, CategoryTree tree) =>
        string.Join(' ', tree.Path(content.Category).SelectMany(category => new[] { category.Name, category.NameDe }));

    private static string Traits(ProductContent content) => string.Join(Separator, content.Traits());

    private static string Json(IReadOnlyDictionary<string, string> attributes) =>
        JsonSerializer.Serialize(new SortedDictionary<string, string>(attributes.ToDictionary(), StringComparer.Ordinal), CatalogJson.Default.SortedDictionaryStringString);

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> value) => [.. rows.Select(value)];
}
