using System.Text.Json;
using Retail.Contracts;
using Slipway.RetailCatalog.Tests.Scenes;

namespace Slipway.RetailCatalog.Tests.Products;

public sealed class ProductFactsTests(CatalogScene scene) : IClassFixture<CatalogScene>
{
    [Fact]
    public async Task Others_are_told_the_whole_product_after_each_change_in_order()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Told", "\"sku\":\"TOLD-1\"", price: 5);
        var priced = await vendor.PatchAsync(created.Path() + "/price", """{"price":6.5}""", created.ETag());
        await vendor.DeleteAsync(created.Path(), priced.ETag());

        var events = await EventsAsync(created.Id());

        Assert.Equal([EventTypes.ProductCreated, EventTypes.ProductUpdated, EventTypes.ProductDeleted], events.Select(told => told.Text("type")));
        var whole = events[1].GetProperty("data").Deserialize(ContractsJson.Default.ProductChanged)!;
        Assert.Equal((2, "Told", "cookware", vendor.Id, true), (whole.Version, whole.Name, whole.Category, whole.VendorId, whole.Active));
        Assert.Equal(new ProductVariant("TOLD-1", null, 650, "EUR"), Assert.Single(whole.Variants));
        Assert.Equal(["TOLD-1"], events[2].GetProperty("data").Deserialize(ContractsJson.Default.ProductDeleted)!.Skus);
        Assert.Equal(["1", "2", "3"], events.Select(told => told.Text("sequence").TrimStart('0')));
        Assert.All(events, told => Assert.Equal(created.Id(), told.Text("partitionkey")));
    }

    [Fact]
    public async Task Every_change_is_audited()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Audited");
        await vendor.PatchAsync(created.Path() + "/price", """{"price":6.5}""", created.ETag());

        Assert.Equal("product.created,product.priced", await scene.Database.TextAsync($"select string_agg(action, ',' order by at, id) from slipway.audit_entries where target_id = '{created.Id()}'"));
    }

    private async Task<List<JsonElement>> EventsAsync(string id)
    {
        var text = await scene.Database.TextAsync($"select json_agg(event::json order by position)::text from slipway.outbox where partition_key = '{id}'");
        return [.. JsonDocument.Parse(text).RootElement.EnumerateArray()];
    }
}
