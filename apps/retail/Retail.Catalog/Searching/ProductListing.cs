using System.Globalization;
using Npgsql;
using Retail.Catalog.Categories;
using Retail.Catalog.Products;
using Slipway.Sdk.Database;

namespace Retail.Catalog.Searching;

/// <summary>One page of a list.</summary>
/// <param name="Total">How many there are, or how many were counted before it took too long.</param>
internal sealed record Listed(
    IReadOnlyList<Product> Products, long Total, bool TotalExact, IReadOnlyList<LookedUpWord> Words, IReadOnlyList<Facet>? Facets, bool FacetsExact);

/// <summary>Lists products, and counts what a list could be narrowed by.</summary>
internal sealed class ProductListing(Database database, CategoryShelf shelf)
{
    /// <summary>Counting stops here; nobody reads the difference between ten thousand and more.</summary>
    private const int CountedMax = 10_000;

    public async Task<Listed> ListAsync(ProductFilter filter, bool facets, CancellationToken cancellation)
    {
        var tree = await shelf.TreeAsync(cancellation);
        return await database.ReadAsync((connection, token) => ReadAsync(connection, filter, tree, facets, token), cancellation);
    }

    private static async Task<Listed> ReadAsync(NpgsqlConnection connection, ProductFilter filter, CategoryTree tree, bool facets, CancellationToken cancellation)
    {
        var words = await WordLookup.FindAsync(connection, SearchWords.Of(filter.Text ?? "", SearchWords.QueryWordsMax), cancellation);
        var ranked = filter.Order == ProductOrder.Relevance && filter.Text is not null;
        var counted = facets || ranked ? await FacetCounting.ReadAsync(connection, filter, tree, words, facets, ranked, cancellation) : null;
        var (ids, total, exact) = ranked
            ? (counted!.Ids, counted.Total, counted.Exact)
            : await PageAsync(connection, filter, tree, words, cancellation);
        return new Listed(await ProductRows.ListAsync(connection, ids, cancellation), total, exact, words, counted?.Facets, counted?.Exact ?? true);
    }

    /// <summary>Number and page in one question; the number comes also when the page is empty.</summary>
    private static async Task<(List<Guid> Ids, long Total, bool Exact)> PageAsync(
        NpgsqlConnection connection, ProductFilter filter, CategoryTree tree, IReadOnlyList<LookedUpWord> words, CancellationToken cancellation)
    {
        var conditions = new Conditions(filter, tree, words);
        var order = OrderOf(filter.Order);
        var total = 0L;
        var (limit, offset) = (conditions.Value(filter.PageSize), conditions.Value((filter.Page - 1) * filter.PageSize));
        var ids = await connection.Command(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                select c.total, t.id from (select count(*) as total from (select 1 from products p where {conditions.All} limit {CountedMax + 1}) n) c
                left join lateral (
                    select p.id, row_number() over (order by {order}) as place from products p where {conditions.All} order by {order} limit {limit} offset {offset}
                ) t on true order by t.place
                """),
            conditions.Values).ListAsync(
            row =>
            {
                total = row.GetInt64(0);
                return row.OrNull<Guid>(1);
            },
            cancellation);
        return ([.. ids.OfType<Guid>()], Math.Min(total, CountedMax), total <= CountedMax);
    }

    public static string OrderOf(ProductOrder order) => order switch
    {
        ProductOrder.Oldest => "p.created_at, p.id",
        ProductOrder.Cheapest => "p.price_minor, p.id",
        ProductOrder.Dearest => "p.price_minor desc, p.id desc",
        ProductOrder.Name => "lower(p.name), p.id",
        ProductOrder.NameDescending => "lower(p.name) desc, p.id desc",
        _ => "p.created_at desc, p.id desc",
    };
}
