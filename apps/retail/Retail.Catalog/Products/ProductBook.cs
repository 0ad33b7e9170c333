using Retail.Catalog.Images;
using Retail.Catalog.Live;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Problems;

namespace Retail.Catalog.Products;

/// <summary>Everything that can be done with products, inside the transaction of a <see cref="Writing"/>.</summary>
internal sealed class ProductBook(Outbox outbox)
{
    public async Task<Outcome<Product>> CreateAsync(
        Writing writing, Guid id, Guid vendor, ProductContent content, CancellationToken cancellation, StoredImage? image = null)
    {
        if (CheckCategory(writing, content) is { } problem)
        {
            return problem;
        }

        var product = New(writing, id, vendor, content) with { Image = image?.Hash };
        if (!await ProductWriting.InsertAsync(writing.Transaction, [product], writing.Tree, cancellation))
        {
            return SkuTaken();
        }

        if (image is not null)
        {
            await ImageRows.SaveAsync(writing.Transaction, id, image, writing.Now, cancellation);
        }

        await ProductWriting.RecordPricesAsync(
            writing.Transaction, [.. content.Variants.Select(variant => (product.Id, variant))], writing.Now, writing.By, cancellation);
        await outbox.AddAsync(writing.Transaction, ProductFacts.Created(product), cancellation);
        writing.Tell(NoticeKind.Created, product, null, ProductChanges.Between(null, content));

        // Once more, because stock may have been told of before the product was.
        return (await ProductRows.FindAsync(writing.Transaction.Connection!, product.Id, cancellation))!;
    }

    public static Product New(Writing writing, Guid id, Guid vendor, ProductContent content) => new()
    {
        Id = id,
        VendorId = vendor,
        Content = content,
        Version = 1,
        CreatedAt = writing.Now,
        UpdatedAt = writing.Now,
    };

    /// <param name="check">Which version the caller has seen.</param>
    /// <param name="change">The content that is wanted instead.</param>
    public async Task<Outcome<Product>> ChangeAsync(
        Writing writing, Guid id, Caller caller, Func<Product, Problem?> check, Func<ProductContent, Outcome<ProductContent>> change, CancellationToken cancellation)
    {
        if (!(await LockAsync(writing, id, caller, check, cancellation)).Is(out var product, out var problem) || !change(product.Content).Is(out var content, out problem))
        {
            return problem;
        }

        return CheckCategory(writing, content) is { } unknown ? unknown : await SaveAsync(writing, product, product with { Content = content }, cancellation);
    }

    public async Task<Outcome<Product>> SetImageAsync(Writing writing, Product product, string? image, CancellationToken cancellation) =>
        await SaveAsync(writing, product, product with { Image = image }, cancellation);

    /// <summary>The product, if the caller may change it and has seen its newest version.</summary>
    public static async Task<Outcome<Product>> LockAsync(
        Writing writing, Guid id, Caller caller, Func<Product, Problem?> check, CancellationToken cancellation)
    {
        if (await ProductRows.LockAsync(writing.Transaction, id, cancellation) is not { DeletedAt: null } product)
        {
            return Problem.NotFound("product");
        }

        return (Sellers.Refuse(caller, product.VendorId) ?? check(product)) is { } refused ? refused : product;
    }

    /// <summary>Deleting what is deleted already is no mistake.</summary>
    public async Task<Outcome<bool>> DeleteAsync(Writing writing, Guid id, Caller caller, Func<Product, Problem?> check, CancellationToken cancellation)
    {
        if (await ProductRows.LockAsync(writing.Transaction, id, cancellation) is not { } product)
        {
            return Problem.NotFound("product");
        }

        if (Sellers.Refuse(caller, product.VendorId) is { } forbidden)
        {
            return forbidden;
        }

        if (product.DeletedAt is not null)
        {
            return false;
        }

        if (check(product) is { } refused)
        {
            return refused;
        }

        var deleted = product with { Version = product.Version + 1 };
        await ProductWriting.DeleteAsync(writing.Transaction, deleted, writing.Now, cancellation);
        await outbox.AddAsync(writing.Transaction, ProductFacts.Deleted(deleted), cancellation);
        writing.Tell(NoticeKind.Deleted, deleted, null, ProductChanges.Between(product.Content, null));
        return true;
    }

    /// <summary>Nothing happens, and nobody is told of anything, when everything stays as it was.</summary>
    private async Task<Outcome<Product>> SaveAsync(Writing writing, Product before, Product wanted, CancellationToken cancellation)
    {
        var changes = ProductChanges.Between(before.Content, wanted.Content);
        if (changes.Count == 0 && before.Image == wanted.Image)
        {
            return before;
        }

        var after = wanted with { Version = before.Version + 1, UpdatedAt = writing.Now };
        if (!await ProductWriting.UpdateAsync(writing.Transaction, after, writing.Tree, cancellation))
        {
            return SkuTaken();
        }

        var priced = after.Content.Variants.Where(variant => !before.Content.Variants.Any(old => old.Sku == variant.Sku && old.PriceMinor == variant.PriceMinor)).ToList();
        await ProductWriting.RecordPricesAsync(writing.Transaction, [.. priced.Select(variant => (after.Id, variant))], writing.Now, writing.By, cancellation);
        await outbox.AddAsync(writing.Transaction, ProductFacts.Updated(after), cancellation);
        writing.Tell(priced.Count > 0 ? NoticeKind.Price : NoticeKind.Changed, after, before.Content.Category, changes);
        return (await ProductRows.FindAsync(writing.Transaction.Connection!, after.Id, cancellation))!;
    }

    private static Problem? CheckCategory(Writing writing, ProductContent content) => writing.Tree.Find(content.Category) is null
        ? Problem.Invalid([new Finding("unknownCategory", $"There is no category {content.Category}; GET /api/v1/products/categories lists them.") { Pointer = "/category" }])
        : null;

    private static Problem SkuTaken() => Problem.Conflict("skuTaken", "The SKU is taken", "Another product has one of these SKUs. Choose others.");
}
