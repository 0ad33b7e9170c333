using System.Globalization;
using System.Numerics;
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
    /// <summary>Counting stops here; nobody reads the difference between five thousand and more.</summary>
    private const int CountedMax = 5_000;

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
        var total = 0L;
        var first = conditions.Value((filter.Page - 1) * filter.PageSize);
        var last = conditions.Value(filter.Page * filter.PageSize);
        var ids = await connection.Command(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                {(conditions.Prelude.Length == 0 ? "" : "with " + conditions.Prelude)}
                select c.total, t.id from (select count(*) as total from (select 1 from products p where {conditions.All} limit {CountedMax + 1}) n) c
                left join lateral ({Ordered(filter, conditions)}) t on t.place > {first} and t.place <= {last} order by t.place
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

    /// <summary>
    /// The products up to the page, with their places. How many that are is written into the question, rounded, because the planner only
    /// walks along an index when it knows that little is wanted. Along which one, no order over several categories can say: so each
    /// category gives its own first products, and those are put into order.
    /// </summary>
    private static string Ordered(ProductFilter filter, Conditions conditions)
    {
        var order = OrderOf(filter.Order);
        var depth = BitOperations.RoundUpToPowerOf2((uint)Math.Max(filter.Page * filter.PageSize, 32)).ToString(CultureInfo.InvariantCulture);
        if (conditions.Categories is not { } categories || filter.Order is ProductOrder.Name or ProductOrder.NameDescending)
        {
            return $"select p.id, row_number() over (order by {order}) as place from products p where {conditions.All} order by {order} limit {depth}";
        }

        var within = conditions.Except(Conditions.CategoryFacet);
        return $"""
            select p.id, row_number() over (order by {order}) as place from unnest({categories}::text[]) g(slug) cross join lateral (
                select p.id, p.created_at, p.price_minor from products p where p.category = g.slug and {within} order by {order} limit {depth}
            ) p order by place limit {depth}
            """;
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
