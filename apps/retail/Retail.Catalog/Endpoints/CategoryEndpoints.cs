using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Retail.Catalog.Caching;
using Retail.Catalog.Categories;
using Retail.Catalog.Live;
using Retail.Catalog.Products;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Retries;

namespace Retail.Catalog.Endpoints;

internal sealed record CategoryList(IReadOnlyList<CategoryDocument> Items);

/// <param name="Path">The slugs from the root to this category.</param>
/// <param name="Products">What is sold in it and below it; null where it was not counted.</param>
internal sealed record CategoryDocument(string Slug, string? Parent, string Name, TranslationsBody? Translations, IReadOnlyList<string> Path, int Position, long? Products);

internal sealed record CategoryBody
{
    public string? Name { get; set; }

    public string? Parent { get; set; }

    public int? Position { get; set; }

    public TranslationsBody? Translations { get; set; }
}

/// <summary>The tree of categories. Everybody reads it, administrators tend it.</summary>
internal static class CategoryEndpoints
{
    private const int CategoriesMax = 500;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/products/categories", ListAsync).WithName("listCategories").WithSummary("All categories with the number of their products.")
            .OpenToAll("The catalogue is public.")
            .Produces<CategoryList>(200);
        api.MapPut("/products/categories/{slug}", SaveAsync).WithName("saveCategory").WithSummary("Makes a category, or renames or moves it.")
            .Requires("retail.products:write").RequiresRole(Sellers.Admin)
            .Accepts<CategoryBody>("application/json")
            .Produces<CategoryDocument>(200);
        api.MapDelete("/products/categories/{slug}", DeleteAsync).WithName("deleteCategory").WithSummary("Takes away an empty category.")
            .Requires("retail.products:write").RequiresRole(Sellers.Admin)
            .Produces(204);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, [FromServices] Database database, [FromServices] CategoryShelf shelf, [FromServices] CachedReplies cached, CancellationToken cancellation) =>
        Query.Of(http.Request).Problem() is { } problem
            ? problem.ToResult()
            : await cached.ReadAsync(
                http,
                async token =>
                {
                    var tree = await shelf.TreeAsync(token);
                    var counts = await database.ReadAsync(
                        (connection, inner) => connection.Command("select category, count(*) from products where active and deleted_at is null group by category")
                            .ListAsync(row => (Slug: row.GetString(0), Count: row.GetInt64(1)), inner),
                        token);
                    var bySlug = counts.ToDictionary(count => count.Slug, count => count.Count);
                    var items = tree.All.Select(category => Document(tree, category, tree.Below(category.Slug).Sum(slug => bySlug.GetValueOrDefault(slug))));
                    return new MadeReply(ProductReplies.Hashed(new CategoryList([.. items]), CatalogJson.Default.CategoryList), [CacheTags.AnyCategory]);
                },
                cancellation);

    private static async Task<IResult> SaveAsync(
        string slug, HttpContext http, [FromServices] Database database, [FromServices] AuditTrail audits, [FromServices] NoticeBoard board, CancellationToken cancellation)
    {
        if (!(await Body.ReadAsync(http.Request, CatalogJson.Default.CategoryBody, cancellation: cancellation)).Is(out var body, out var problem)
            || !CategoryRules.Check(slug, body).Is(out var category, out problem))
        {
            return problem.ToResult();
        }

        var reply = await Idempotent.RunAsync(
            http,
            database,
            async (transaction, token) =>
            {
                await transaction.Command("lock table categories in share row exclusive mode").ExecuteAsync(token);
                var tree = await CategoryShelf.ReadAsync(transaction.Connection!, token);
                if (category.Parent is not null && tree.Refuse(category.Slug, category.Parent) is { } refused)
                {
                    return Reply.Of(Problem.Invalid([new Finding("invalid", refused) { Pointer = "/parent" }]));
                }

                if (tree.Find(category.Slug) is null && tree.All.Count >= CategoriesMax)
                {
                    return Reply.Of(Problem.Conflict("tooManyCategories", "Too many categories", $"There may be at most {CategoriesMax} categories."));
                }

                await CategoryShelf.SaveAsync(transaction, category, token);
                await audits.AppendAsync(transaction, AuditEntry.From(http, "category.saved", "category", category.Slug), token);
                var after = await CategoryShelf.ReadAsync(transaction.Connection!, token);
                return Reply.Ok(Document(after, category, null), CatalogJson.Default.CategoryDocument);
            },
            cancellation);
        board.Post([ProductNotice.Everything]);
        return reply;
    }

    private static async Task<IResult> DeleteAsync(
        string slug, HttpContext http, [FromServices] Database database, [FromServices] AuditTrail audits, [FromServices] NoticeBoard board, CancellationToken cancellation)
    {
        var reply = await Idempotent.RunAsync(
            http,
            database,
            async (transaction, token) =>
            {
                await transaction.Command("lock table categories in share row exclusive mode").ExecuteAsync(token);
                // What was deleted there is only remembered, and cannot be moved by anybody.
                await transaction.Command("delete from products where category = $1 and deleted_at is not null", slug).ExecuteAsync(token);
                var used = await transaction.Command(
                    "select exists (select 1 from products where category = $1) or exists (select 1 from categories where parent = $1)", slug)
                    .OneAsync(row => row.GetBoolean(0), token);
                if (used)
                {
                    return Reply.Of(Problem.Conflict("categoryInUse", "The category is in use", "Move its products and the categories below it elsewhere first."));
                }

                if (await transaction.Command("delete from categories where slug = $1", slug).ExecuteAsync(token) > 0)
                {
                    await audits.AppendAsync(transaction, AuditEntry.From(http, "category.deleted", "category", slug), token);
                }

                return Reply.NoContent();
            },
            cancellation);
        board.Post([ProductNotice.Everything]);
        return reply;
    }

    private static CategoryDocument Document(CategoryTree tree, Category category, long? products) => new(
        category.Slug, category.Parent, category.Name,
        category.NameDe is null ? null : new TranslationsBody { De = new TranslationBody { Name = category.NameDe } },
        [.. tree.Path(category.Slug).Select(above => above.Slug)], category.Position, products);
}
