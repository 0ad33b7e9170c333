using Retail.Catalog.Categories;
using Retail.Catalog.Endpoints;
using Slipway.Sdk.Database;

namespace Retail.Catalog.Searching;

/// <summary>Categories and products for the first letters of a search.</summary>
internal sealed class Suggestions(Database database, CategoryShelf shelf)
{
    private const int ProductsMax = 6;
    private const int CategoriesMax = 3;

    /// <summary>Of a letter that half of the catalogue begins with, the first that are found will do.</summary>
    private const int LookedAtMax = 300;

    public async Task<IReadOnlyList<Suggestion>> FindAsync(string text, CancellationToken cancellation)
    {
        var typed = SearchWords.Of(text, SearchWords.QueryWordsMax);
        if (typed.Count == 0)
        {
            return [];
        }

        var tree = await shelf.TreeAsync(cancellation);
        var products = await database.ReadAsync(
            async (connection, token) =>
            {
                var values = new List<object?>();
                if (TextQuery.Write(await WordLookup.FindAsync(connection, typed, token), values) is not { } query)
                {
                    return [];
                }

                return await connection.Command(
                    $"""
                    with {TextQuery.Once(query)}
                    select p.id, p.name, p.name_de, p.image from (
                        select * from products where active and deleted_at is null and search @@ {TextQuery.Reference} limit {LookedAtMax}
                    ) p order by p.in_stock desc, ts_rank(p.search, {TextQuery.Reference}) desc, p.name, p.id limit {ProductsMax}
                    """,
                    [.. values]).ListAsync(
                    row => new Suggestion(
                        "product", row.GetString(1), row.TextOrNull(2), row.GetGuid(0), null,
                        row.IsDBNull(3) ? null : $"/api/v1/products/{row.GetGuid(0)}/image?v={row.GetString(3)}"),
                    token);
            },
            cancellation);
        var categories = tree.All.Where(category => typed.All(word => Begins(category.Name, word) || Begins(category.NameDe, word))).Take(CategoriesMax)
            .Select(category => new Suggestion("category", category.Name, category.NameDe, null, category.Slug, null));
        return [.. categories, .. products];
    }

    private static bool Begins(string? name, string word) => SearchWords.Of(name ?? "").Any(part => part.StartsWith(word, StringComparison.Ordinal));
}
