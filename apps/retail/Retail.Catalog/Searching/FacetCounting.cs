using System.Globalization;
using Npgsql;
using Retail.Catalog.Categories;
using Slipway.Sdk.Database;

namespace Retail.Catalog.Searching;

/// <summary>The best matches and what they could be narrowed by, from one look at everything that was found.</summary>
internal sealed record Counted(List<Guid> Ids, long Total, bool Exact, IReadOnlyList<Facet> Facets);

internal static class FacetCounting
{
    /// <summary>More matches than this are neither counted nor ranked: the first that are found stand for the rest, and the answer says so.</summary>
    public const int HitsMax = 3_000;

    private const int AttributeValuesMax = 300;

    public static async Task<Counted> ReadAsync(
        NpgsqlConnection connection, ProductFilter filter, CategoryTree tree, IReadOnlyList<LookedUpWord> words, bool facets, bool ranked, CancellationToken cancellation)
    {
        var conditions = new Conditions(filter, tree, words);
        var sql = Sql(filter, conditions, facets, ranked);
        var rows = await connection.Command(sql, conditions.Values).ListAsync(row => new FacetCount(row.GetString(0), row.GetString(1), row.GetInt64(2)), cancellation);
        var total = rows.First(row => row.Field == "total").Count;
        var found = rows.First(row => row.Field == "found").Count;
        var ids = rows.Where(row => row.Field == "item").OrderBy(row => row.Count).Select(row => Guid.Parse(row.Value)).ToList();
        var names = facets ? await VendorNamesAsync(connection, rows, filter, cancellation) : [];
        return new Counted(ids, Math.Min(total, HitsMax), found <= HitsMax, facets ? FacetLabels.Write(rows, filter, tree, names) : []);
    }

    private static string Sql(ProductFilter filter, Conditions conditions, bool facets, bool ranked)
    {
        var rank = conditions.Match is { } match && ranked
            ? $"(p.id in (select product_id from variants where sku = {conditions.Value(filter.Text!.Trim().ToUpperInvariant())}))::int * 10 + ts_rank(p.search, {match}) + p.in_stock::int * 0.05"
            : "0";
        var source = new FacetSource(conditions, HitsMax);
        var parts = new List<string>
        {
            $"select 'total', '', count(*) from {source.All}",
            "select 'found', '', count(*) from hits",
        };
        if (ranked)
        {
            var (limit, offset) = (conditions.Value(filter.PageSize), conditions.Value((filter.Page - 1) * filter.PageSize));
            parts.Add($"select * from (select 'item', id::text, row_number() over (order by rank desc, id) as place from {source.All} order by place limit {limit} offset {offset}) i");
        }

        if (facets)
        {
            AddFacets(parts, filter, conditions, source);
        }

        return $"""
            with {(conditions.Prelude.Length == 0 ? "" : conditions.Prelude + ", ")}{source.Hits(rank)}
            {string.Join("\nunion all ", parts)}
            """;
    }

    private static void AddFacets(List<string> parts, ProductFilter filter, Conditions conditions, FacetSource source)
    {
        parts.Add($"select 'category', category, count(*) from {source.Without(Conditions.CategoryFacet)} group by category");
        parts.Add($"select 'vendor', vendor_id::text, count(*) from {source.Without("vendor")} group by vendor_id");
        parts.Add($"select 'price', width_bucket(price_minor, array[{string.Join(',', FacetLabels.PriceSteps)}]::bigint[])::text, count(*) from {source.Without("price")} group by 2");
        parts.Add($"select 'inStock', in_stock::text, count(*) from {source.Without("inStock")} group by in_stock");
        var chosen = filter.Attributes.Select(attribute => attribute.Key).ToArray();
        parts.Add(Attributes(source.All, chosen.Length == 0 ? "" : $"where split_part(t, '=', 1) <> all({conditions.Value(chosen)})"));
        foreach (var name in chosen)
        {
            parts.Add(Attributes(source.Without("=" + name), $"where starts_with(t, {conditions.Value(name + "=")})"));
        }
    }

    private static string Attributes(string source, string where) => string.Create(
        CultureInfo.InvariantCulture,
        $"select * from (select 'attribute', t, count(*) as n from {source} cross join lateral unnest(traits) t {where} group by t order by n desc, t limit {AttributeValuesMax}) a");

    private static async Task<Dictionary<Guid, string>> VendorNamesAsync(
        NpgsqlConnection connection, List<FacetCount> rows, ProductFilter filter, CancellationToken cancellation)
    {
        var ids = rows.Where(row => row.Field == "vendor").Select(row => Guid.Parse(row.Value)).Concat(filter.Vendors).Distinct().ToArray();
        var names = await connection.Command("select id, name from vendors where id = any($1)", ids).ListAsync(row => (Id: row.GetGuid(0), Name: row.GetString(1)), cancellation);
        return names.ToDictionary(vendor => vendor.Id, vendor => vendor.Name);
    }
}
