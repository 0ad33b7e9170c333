using System.Text.Json;
using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCatalog.Tests.Products;

public sealed class ProductTests(CatalogScene scene) : IClassFixture<CatalogScene>
{
    [Fact]
    public async Task A_new_product_is_read_by_everybody_in_the_documented_shape()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Iron pan", "\"sku\":\"pan-1\",\"description\":\"Heavy.\",\"attributes\":{\"material\":\"iron\"}", price: 39.9m);

        var read = Person.Expect(await scene.Nobody().GetAsync(created.Path()), 200);

        Assert.Equal(
            ("PAN-1", "Iron pan", "Heavy.", "cookware", "EUR", vendor.Id.ToString()),
            (read.Text("sku"), read.Text("name"), read.Text("description"), read.Text("category"), read.Text("currency"), read.Text("vendor_id")));
        Assert.Equal("39.90", read.GetProperty("price").GetRawText());
        Assert.Equal("iron", read.GetProperty("attributes").Text("material"));
        Assert.True(read.GetProperty("active").GetBoolean());
        Assert.Equal(JsonValueKind.Null, read.GetProperty("imageUrl").ValueKind);
        Assert.EndsWith("Z", read.Text("created_at"), StringComparison.Ordinal);
        Assert.EndsWith("Z", read.Text("updated_at"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/products/sku/")]
    [InlineData("/api/products/sku/")]
    public async Task Any_of_its_skus_leads_to_a_product(string path)
    {
        var sku = $"S-{Guid.NewGuid():N}".ToUpperInvariant();
        var created = await scene.Vendor().OfferAsync(
            "Socks", $$$"""
            "variants":[{"sku":"{{{sku}}}-S","price":19.9},{"sku":"{{{sku}}}-L","price":21,"attributes":{"size":"L"}}]
            """, price: 19.9m);

        var read = Person.Expect(await scene.Nobody().GetAsync($"{path}{sku.ToLowerInvariant()}-l"), 200);

        Assert.Equal(created.Id(), read.Text("id"));
        Assert.Equal($"{sku}-S", read.Text("sku"));
        Assert.Equal(2, read.GetProperty("variants").GetArrayLength());
        (await scene.Nobody().GetAsync(path + "NOT-THERE")).Problem(404, "notFound");
    }

    [Fact]
    public async Task The_second_version_tells_money_as_whole_cents()
    {
        var created = await scene.Vendor().OfferAsync("Bowl", price: 12.34m);

        var read = Person.Expect(await scene.Nobody().GetAsync($"/api/v2/products/{created.Id()}"), 200);

        Assert.Equal((1234, "EUR"), (read.GetProperty("price").GetProperty("amount").GetInt64(), read.GetProperty("price").Text("currency")));
        var listed = Person.Expect(await scene.Nobody().GetAsync("/api/v2/products?q=bowl"), 200);
        Assert.Equal(1234, listed.GetProperty("items")[0].GetProperty("variants")[0].GetProperty("price").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task A_price_is_set_and_every_price_is_remembered()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Mug", price: 9.9m);

        var dearer = await vendor.PatchAsync(created.Path() + "/price", """{"price":10.9}""", created.ETag());
        var same = await vendor.PatchAsync(created.Path() + "/price", """{"price":10.90,"currency":"EUR"}""", dearer.ETag());
        var cheaper = await vendor.PatchAsync(created.Path() + "/price", """{"price":8}""", same.ETag());

        Assert.Equal("8.00", Person.Expect(cheaper, 200).GetProperty("price").GetRawText());
        Assert.Equal(dearer.ETag(), same.ETag());
        var history = Person.Expect(await scene.Nobody().GetAsync(created.Path() + "/prices"), 200).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("price").GetRawText());
        Assert.Equal(["8.00", "10.90", "9.90"], history);
        (await vendor.PatchAsync(created.Path() + "/price", """{"price":1}""")).Problem(428, "versionRequired");
        (await vendor.PatchAsync(created.Path() + "/price", """{"price":1}""", created.ETag())).Problem(412, "versionMismatch");
        Assert.Equal(["/price"], (await vendor.PatchAsync(created.Path() + "/price", """{"price":1.999}""", cheaper.ETag())).ErrorsAt());
        Assert.Equal(["/price", "/currency"], (await vendor.PatchAsync(created.Path() + "/price", """{"currency":"USD"}""", cheaper.ETag())).ErrorsAt());
    }

    [Fact]
    public async Task A_product_is_replaced_and_who_knows_no_variants_keeps_them()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Tee", "\"variants\":[{\"sku\":\"TEE-S\",\"price\":19.9},{\"sku\":\"TEE-M\",\"price\":20}]", "textiles");

        var replaced = Person.Expect(await vendor.PutAsync(created.Path(), """{"name":"T-shirt","category":"kitchen","price":22,"active":false}""", created.ETag()), 200);

        Assert.Equal(("T-shirt", "kitchen", "22.00", "TEE-S"), (replaced.Text("name"), replaced.Text("category"), replaced.GetProperty("price").GetRawText(), replaced.Text("sku")));
        Assert.False(replaced.GetProperty("active").GetBoolean());
        Assert.Equal(["22.00", "20.00"], replaced.GetProperty("variants").EnumerateArray().Select(variant => variant.GetProperty("price").GetRawText()));
        var swapped = await vendor.PutAsync(created.Path(), """{"name":"T-shirt","category":"kitchen","variants":[{"sku":"TEE-L","price":23},{"sku":"TEE-S","price":22}]}""", "\"2\"");
        Assert.Equal(["TEE-L", "TEE-S"], Person.Expect(swapped, 200).GetProperty("variants").EnumerateArray().Select(variant => variant.Text("sku")));
        (await scene.Nobody().GetAsync("/api/v1/products/sku/TEE-M")).Problem(404);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Jar", "\"attributes\":{\"a\":\"1\",\"b\":\"2\"},\"translations\":{\"de\":{\"name\":\"Krug\"}}");

        var patched = Person.Expect(await vendor.PatchAsync(created.Path(), """{"description":"Tall.","attributes":{"a":null,"c":"3"}}""", created.ETag()), 200);

        Assert.Equal(("Jar", "Tall.", "Krug"), (patched.Text("name"), patched.Text("description"), patched.GetProperty("translations").GetProperty("de").Text("name")));
        Assert.Equal("""{"b":"2","c":"3"}""", patched.GetProperty("attributes").GetRawText());
        Assert.Equal(["/price"], (await vendor.PatchAsync(created.Path(), """{"price":"cheap"}""", "\"2\"")).ErrorsAt());
    }

    [Fact]
    public async Task A_deleted_product_is_gone_and_its_sku_is_free()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Rug", "\"sku\":\"RUG-1\"");

        Assert.Equal(204, (await vendor.DeleteAsync(created.Path(), created.ETag())).Status);

        (await scene.Nobody().GetAsync(created.Path())).Problem(404);
        (await scene.Nobody().GetAsync("/api/v1/products/sku/RUG-1")).Problem(404);
        Assert.DoesNotContain("Rug", (await scene.Nobody().GetAsync("/api/v1/products?q=rug")).Names());
        await vendor.OfferAsync("Rug again", "\"sku\":\"RUG-1\"");
        (await vendor.DeleteAsync("/api/v1/products/" + Guid.NewGuid(), "\"1\"")).Problem(404);
    }

    [Fact]
    public async Task A_sku_belongs_to_one_product()
    {
        var vendor = scene.Vendor();
        await vendor.OfferAsync("First", "\"sku\":\"ONE-1\"");
        var second = await vendor.OfferAsync("Second", "\"sku\":\"ONE-2\"");

        (await vendor.PostAsync("/api/v1/products", """{"name":"x","category":"cookware","price":1,"sku":"one-1"}""", ("Idempotency-Key", Guid.NewGuid().ToString())))
            .Problem(409, "skuTaken");
        (await vendor.PatchAsync(second.Path(), """{"sku":"ONE-1"}""", second.ETag())).Problem(409, "skuTaken");

        var attempts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => scene.Vendor().PostAsync("/api/v1/products", """{"name":"x","category":"cookware","price":1,"sku":"RACE-1"}""")));
        Assert.Single(attempts, answer => answer.Status == 201);
        Assert.All(attempts.Where(answer => answer.Status != 201), answer => answer.Problem(409, "skuTaken"));
    }

    [Theory]
    [InlineData("""{}""", "/name", "/category", "/price")]
    [InlineData("""{"name":"<script>alert(1)</script>","category":"cookware","price":1}""", "/name")]
    [InlineData("""{"name":"x","description":"a <b>bold</b> claim","category":"cookware","price":1}""", "/description")]
    [InlineData("""{"name":"x","category":"nowhere","price":1}""", "/category")]
    [InlineData("""{"name":"x","category":"cookware","price":-1}""", "/price")]
    [InlineData("""{"name":"x","category":"cookware","price":1.005}""", "/price")]
    [InlineData("""{"name":"x","category":"cookware","price":1e400}""", "/price")]
    [InlineData("""{"name":"x","category":"cookware","price":1,"currency":"USD"}""", "/currency")]
    [InlineData("""{"name":"x","category":"cookware","price":1,"sku":"with blank"}""", "/sku")]
    [InlineData("""{"name":"x","category":"cookware","price":1,"attributes":{"a":"1,2"}}""", "/attributes/a")]
    [InlineData("""{"name":"x","category":"cookware","price":1,"attributes":{"a=b":"1"}}""", "/attributes")]
    [InlineData("""{"name":"x","category":"cookware","price":1,"attributes":{"a":1}}""", "/attributes/a")]
    [InlineData("""{"name":"x","category":"cookware","variants":[]}""", "/variants", "/price")]
    [InlineData("""{"name":"x","category":"cookware","price":2,"variants":[{"sku":"V-1","price":1},{"sku":"V-1","price":1},null]}""", "/variants/1/sku", "/variants/2", "/price")]
    public async Task What_is_wrong_with_a_product_is_told_with_its_place(string body, params string[] pointers)
    {
        var answer = await scene.Vendor().PostAsync("/api/v1/products", body);

        Assert.Equal(pointers.Order(), answer.ErrorsAt().Order());
    }

    [Fact]
    public async Task A_change_that_changes_nothing_is_no_new_version_and_no_event()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Same");

        var again = await vendor.PatchAsync(created.Path(), """{"name":"Same"}""", created.ETag());

        Assert.Equal(created.ETag(), again.ETag());
        Assert.Equal("1", await scene.Database.TextAsync($"select count(*) from slipway.outbox where partition_key = '{created.Id()}'"));
    }

    [Fact]
    public async Task The_documented_indexes_are_there()
    {
        var indexes = await scene.Database.TextAsync("select string_agg(indexname || ' ' || substring(indexdef from '\\(.*'), ', ' order by indexname) from pg_indexes where indexname like 'idx_products%'");

        Assert.Equal("idx_products_category (category), idx_products_sku (sku), idx_products_vendor (vendor_id)", indexes);
    }
}
