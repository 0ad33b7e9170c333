using Microsoft.Extensions.DependencyInjection;
using Retail.Catalog.Seeding;
using Slipway.RetailCatalog.Tests.Scenes;

namespace Slipway.RetailCatalog.Tests.Seeding;

public sealed class CommandTests(CatalogScene scene) : IClassFixture<CatalogScene>
{
    [Fact]
    public async Task A_large_catalogue_is_generated_and_generating_it_again_adds_only_what_is_missing()
    {
        var generate = scene.Service.Services.GetRequiredService<Generate>();

        Assert.Equal(0, await generate.RunAsync(["--count", "40"], CancellationToken.None));
        Assert.Equal(0, await generate.RunAsync(["--count", "60", "--events", "true"], CancellationToken.None));

        Assert.Equal("60", await scene.Database.TextAsync("select count(*) from products"));
        Assert.Equal("20", await scene.Database.TextAsync("select count(*) from slipway.outbox"));
        Assert.Equal("GEN-0000007", Person.Expect(await scene.Nobody().GetAsync("/api/v1/products/sku/gen-0000007"), 200).Text("sku"));
        foreach (var wrong in new string[][] { [], ["--count"], ["--count", "0"], ["--count", "many"] })
        {
            Assert.Equal(64, await generate.RunAsync(wrong, CancellationToken.None));
        }

        // A catalogue that has products is none to be filled.
        Assert.Equal(0, await scene.Service.Services.GetRequiredService<Seed>().RunAsync(CancellationToken.None));
        Assert.Equal("60", await scene.Database.TextAsync("select count(*) from products"));
    }

    [Fact]
    public void Every_product_the_shop_opens_with_is_one_its_rules_would_take()
    {
        var file = SeedFile.Read();
        var categories = file.Categories.Select(category => category.Slug).ToHashSet();

        Assert.InRange(file.Products.Count, 60, 200);
        Assert.True(file.Products.Select(product => product.Category).Distinct().Count() >= 8);
        Assert.All(file.Products, product =>
        {
            var content = Seed.ContentOf(product);
            var body = Retail.Catalog.Products.ProductMerging.Body(new Retail.Catalog.Products.Product
            {
                Id = Guid.NewGuid(), VendorId = product.Vendor, Content = content, Version = 1, CreatedAt = default, UpdatedAt = default,
            });
            Assert.Null(Retail.Catalog.Products.ProductRules.Check(body, null).Problem);
            Assert.Contains(product.Category, categories);
            Assert.Contains(file.Vendors, vendor => vendor.Id == product.Vendor);
            Assert.All(product.Variants, variant => Assert.All(variant.Stock, stock => Assert.Contains(stock.Location, file.Locations)));
        });
        Assert.Equal(file.Products.Sum(product => product.Variants.Count), file.Products.SelectMany(product => product.Variants).Select(variant => variant.Sku).Distinct().Count());
    }
}
