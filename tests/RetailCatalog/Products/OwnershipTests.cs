using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCatalog.Tests.Products;

public sealed class OwnershipTests(CatalogScene scene) : IClassFixture<CatalogScene>
{
    private const string Body = """{"name":"x","category":"cookware","price":1}""";

    [Fact]
    public async Task Vendors_change_their_own_products_and_administrators_all()
    {
        var (vendor, other, admin) = (scene.Vendor(), scene.Vendor(), scene.Admin());
        var created = await vendor.OfferAsync("Mine");

        foreach (var stranger in new[] { other, scene.Customer() })
        {
            (await stranger.PutAsync(created.Path(), Body, created.ETag())).Problem(403, "forbidden");
            (await stranger.PatchAsync(created.Path(), "{\"name\":\"Theirs\"}", created.ETag())).Problem(403, "forbidden");
            (await stranger.PatchAsync(created.Path() + "/price", "{\"price\":1}", created.ETag())).Problem(403, "forbidden");
            (await stranger.DeleteAsync(created.Path() + "/image", created.ETag())).Problem(403, "forbidden");
            (await stranger.DeleteAsync(created.Path(), created.ETag())).Problem(403, "forbidden");
        }

        Assert.Equal(created.ETag(), (await scene.Nobody().GetAsync(created.Path())).ETag());
        Assert.Equal(200, (await admin.PatchAsync(created.Path(), "{\"name\":\"Ours\"}", created.ETag())).Status);
        (await other.PatchAsync("/api/v1/products/" + Guid.NewGuid(), "{\"name\":\"x\"}", "\"1\"")).Problem(404, "notFound");
    }

    [Fact]
    public async Task Customers_and_strangers_offer_nothing()
    {
        (await scene.Customer().PostAsync("/api/v1/products", Body)).Problem(403, "forbidden");
        (await scene.Nobody().PostAsync("/api/v1/products", Body)).Problem(401, "unauthenticated");
        (await scene.Person("vendor", scopes: ["retail.products:read"]).PostAsync("/api/v1/products", Body)).Problem(403, "missingScope");
        (await scene.Customer().SendAsync("POST", "/api/v1/products/import", "sku\r\n", ("Content-Type", "text/csv"))).Problem(403, "forbidden");
        (await scene.Customer().GetAsync("/api/v1/products/export")).Problem(403, "forbidden");
    }

    [Fact]
    public async Task Only_administrators_sell_in_the_name_of_others()
    {
        var vendor = scene.Vendor();
        var named = $$"""{"name":"x","category":"cookware","price":1,"vendor_id":"{{vendor.Id}}"}""";

        (await scene.Vendor().PostAsync("/api/v1/products", named)).Problem(403, "forbidden");
        Assert.Equal(vendor.Id.ToString(), Person.Expect(await scene.Admin().PostAsync("/api/v1/products", named), 201).Text("vendor_id"));
        Assert.Equal(201, (await vendor.PostAsync("/api/v1/products", named)).Status);
    }

    [Fact]
    public async Task What_is_not_sold_any_more_is_listed_for_its_vendor_only()
    {
        var vendor = scene.Vendor();
        var hidden = await vendor.OfferAsync("Hidden kettle", "\"active\":false");

        Assert.Empty((await scene.Nobody().GetAsync("/api/v1/products?q=kettle")).Names());
        Assert.Equal(["Hidden kettle"], (await vendor.GetAsync($"/api/v1/products?active=all&vendor={vendor.Id}")).Names());
        Assert.Equal(["Hidden kettle"], (await scene.Admin().GetAsync($"/api/v1/products?active=false&vendor={vendor.Id}")).Names());
        (await scene.Vendor().GetAsync($"/api/v1/products?active=all&vendor={vendor.Id}")).Problem(403);
        (await scene.Nobody().GetAsync("/api/v1/products?active=false")).Problem(401);
        Assert.False(Person.Expect(await scene.Nobody().GetAsync(hidden.Path()), 200).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task A_vendor_chooses_the_name_it_sells_under()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Named");

        Assert.Equal(200, (await vendor.PutAsync($"/api/v1/products/vendors/{vendor.Id}", """{"name":"Pots & Co"}""")).Status);
        (await scene.Vendor().PutAsync($"/api/v1/products/vendors/{vendor.Id}", """{"name":"Thieves"}""")).Problem(403);

        Assert.Equal("Pots & Co", Person.Expect(await scene.Nobody().GetAsync(created.Path()), 200).Text("vendor_name"));
    }

    [Fact]
    public async Task Administrators_tend_the_categories()
    {
        var (admin, nobody) = (scene.Admin(), scene.Nobody());
        (await scene.Vendor().PutAsync("/api/v1/products/categories/cellar", """{"name":"Cellar"}""")).Problem(403);

        Assert.Equal(200, (await admin.PutAsync("/api/v1/products/categories/cellar", """{"name":"Cellar","parent":"home","translations":{"de":{"name":"Keller"}}}""")).Status);
        Assert.Equal(["/parent"], (await admin.PutAsync("/api/v1/products/categories/home", """{"name":"Home","parent":"cellar"}""")).ErrorsAt());
        Assert.Equal([""], (await admin.PutAsync("/api/v1/products/categories/Not_A_Slug", """{"name":"x"}""")).ErrorsAt());
        await scene.Vendor().OfferAsync("Wine rack", category: "cellar");

        var listed = Person.Expect(await nobody.GetAsync("/api/v1/products/categories"), 200).GetProperty("items").EnumerateArray().ToDictionary(item => item.Text("slug"));
        Assert.Equal(1, listed["cellar"].GetProperty("products").GetInt64());
        Assert.True(listed["home"].GetProperty("products").GetInt64() >= 1);
        Assert.Equal(["home", "cellar"], listed["cellar"].GetProperty("path").EnumerateArray().Select(item => item.GetString()));
        (await admin.DeleteAsync("/api/v1/products/categories/cellar")).Problem(409, "categoryInUse");
        Assert.Equal(200, (await admin.PutAsync("/api/v1/products/categories/attic", """{"name":"Attic"}""")).Status);
        Assert.Equal(204, (await admin.DeleteAsync("/api/v1/products/categories/attic")).Status);
        Assert.Equal(204, (await admin.DeleteAsync("/api/v1/products/categories/attic")).Status);
    }
}
