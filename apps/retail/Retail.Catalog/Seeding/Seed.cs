using Microsoft.Extensions.Logging;
using Npgsql;
using Retail.Catalog.Categories;
using Retail.Catalog.Images;
using Retail.Catalog.Live;
using Retail.Catalog.Products;
using Slipway.Sdk.Database;
using Slipway.Sdk.Notices;

namespace Retail.Catalog.Seeding;

/// <summary>Fills an empty catalogue, with pictures drawn on the way. A catalogue that has products is left alone, so it may run any number of times.</summary>
internal sealed partial class Seed(Database database, Writings writings, ProductBook book, InstanceNotices others, TimeProvider time, ILogger<Seed> logger)
{
    private const string By = "seed";
    private const int LockNumber = 0x5EED_CA7;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var file = SeedFile.Read();
        await database.WriteAsync((transaction, token) => SaveShelvesAsync(transaction, file, token), cancellation);
        var written = await writings.RunAsync(null, By, (writing, token) => WriteAsync(writing, file, token), cancellation);
        if (written > 0)
        {
            await others.AnnounceEverythingAsync(cancellation);
        }

        LogWritten(logger, written);
        return 0;
    }

    /// <summary>Categories and vendors that are there already were perhaps renamed by somebody, and stay.</summary>
    public static async Task SaveShelvesAsync(NpgsqlTransaction transaction, SeedFile file, CancellationToken cancellation)
    {
        var known = await CategoryShelf.ReadAsync(transaction.Connection!, cancellation);
        foreach (var (category, at) in file.Categories.Select((category, at) => (category, at)))
        {
            if (known.Find(category.Slug) is null)
            {
                await CategoryShelf.SaveAsync(transaction, new Category(category.Slug, category.Parent, category.Name.En, category.Name.De, at), cancellation);
            }
        }

        foreach (var vendor in file.Vendors)
        {
            await transaction.Command("insert into vendors (id, name) values ($1, $2) on conflict do nothing", vendor.Id, vendor.Name).ExecuteAsync(cancellation);
        }
    }

    private async Task<int> WriteAsync(Writing writing, SeedFile file, CancellationToken cancellation)
    {
        await writing.Transaction.Command("select pg_advisory_xact_lock($1)", (long)LockNumber).ExecuteAsync(cancellation);
        if (await writing.Transaction.Command("select exists (select 1 from products)").OneAsync(row => row.GetBoolean(0), cancellation))
        {
            return 0;
        }

        foreach (var product in file.Products)
        {
            var bytes = Picture.Draw(product.Name.En);
            var image = new StoredImage(ImageRows.HashOf(bytes), "image/png", bytes);
            var created = await book.CreateAsync(writing, Guid.CreateVersion7(time.GetUtcNow()), product.Vendor, ContentOf(product), cancellation, image);
            if (created.Problem is { } problem)
            {
                throw new InvalidOperationException($"{product.Name.En} of the seed cannot be written: {problem.Detail}");
            }
        }

        return file.Products.Count;
    }

    public static ProductContent ContentOf(SeedProduct product) => new()
    {
        Name = product.Name.En,
        NameDe = product.Name.De,
        Description = product.Description.En,
        DescriptionDe = product.Description.De,
        Category = product.Category,
        Attributes = product.Attributes,
        Variants = [.. product.Variants.Select(variant => new Variant
        {
            Sku = variant.Sku, Name = variant.Name, PriceMinor = variant.PriceMinor, Attributes = variant.Attributes,
        })],
    };

    [LoggerMessage(EventId = 9211, Level = LogLevel.Information, Message = "The catalogue was filled with {Products} products")]
    private static partial void LogWritten(ILogger logger, int products);
}
