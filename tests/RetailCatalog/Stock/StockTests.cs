using System.Globalization;
using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCatalog.Tests.Stock;

public sealed class StockTests(CatalogScene scene) : IClassFixture<CatalogScene>
{
    [Fact]
    public async Task What_the_inventory_says_is_shown_and_searched_by()
    {
        await CatalogScene.UntilRememberingAsync(scene.Service);
        var created = await scene.Vendor().OfferAsync("Stocked", "\"sku\":\"ST-1\"");
        Assert.Equal("unknown", await HintAsync(created.Path()));
        Assert.DoesNotContain("Stocked", (await scene.Nobody().GetAsync("/api/v1/products?inStock=true")).Names());

        await TellAsync("ST-1", 12, version: 1);

        await Eventually.TrueAsync(async () => await HintAsync(created.Path()) == "in_stock");
        await Eventually.TrueAsync(async () => (await scene.Nobody().GetAsync("/api/v1/products?inStock=true")).Names().Contains("Stocked"));
        await TellAsync("ST-1", 3, version: 3);
        await Eventually.TrueAsync(async () => await HintAsync(created.Path()) == "low");
        await TellAsync("ST-1", 50, version: 2);
        Assert.Equal("low", await HintAsync(created.Path()));
        await TellAsync("ST-1", 0, version: 4);
        await Eventually.TrueAsync(async () => await HintAsync(created.Path()) == "out");
        await Eventually.TrueAsync(async () => !(await scene.Nobody().GetAsync("/api/v1/products?inStock=true")).Names().Contains("Stocked"));
    }

    [Fact]
    public async Task Stock_may_be_told_of_before_the_product()
    {
        await TellAsync("EARLY-1", 9, version: 1);

        var created = await scene.Vendor().OfferAsync("Late", "\"sku\":\"EARLY-1\"");

        Assert.True(created.Json().GetProperty("inStock").GetBoolean());
        Assert.Equal("in_stock", await HintAsync(created.Path()));
    }

    [Fact]
    public async Task The_same_event_twice_counts_once_and_a_change_by_its_seller_is_not_disturbed()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Twice", "\"sku\":\"TW-1\"");
        var id = Guid.NewGuid().ToString();

        await TellAsync("TW-1", 7, version: 1, id);
        await TellAsync("TW-1", 7, version: 1, id);

        Assert.Equal("1", await scene.Database.TextAsync($"select stock_version from products where id = '{created.Id()}'"));
        var read = await scene.Nobody().GetAsync(created.Path());
        Assert.NotEqual(created.ETag(), read.ETag());
        Assert.Equal(200, (await vendor.PatchAsync(created.Path(), "{\"name\":\"Twice sold\"}", read.ETag())).Status);
        (await vendor.PatchAsync(created.Path(), "{\"name\":\"x\"}", read.ETag())).Problem(412);
    }

    [Fact]
    public async Task Open_pages_see_price_and_stock_move()
    {
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Seen", "\"sku\":\"SEEN-1\"", price: 10);
        await vendor.OfferAsync("Unseen", "\"sku\":\"UNSEEN-1\"");
        await using var one = await EventStream.OpenAsync(scene.Nobody().Client, "?sku=seen-1");
        await using var all = await EventStream.OpenAsync(scene.Nobody().Client);
        Assert.Equal("10.00", (await one.UntilAsync("snapshot", "SEEN-1")).GetProperty("price").GetRawText());
        await one.UntilAsync("ready");
        await all.UntilAsync("ready");

        await TellAsync("UNSEEN-1", 4, version: 1);
        await all.UntilAsync("stock", "UNSEEN-1");
        var priced = await vendor.PatchAsync(created.Path() + "/price", """{"price":11}""", created.ETag());
        var (type, price) = await one.NextAsync();
        await TellAsync("SEEN-1", 2, version: 1);
        var stock = await one.UntilAsync("stock", "SEEN-1");

        Assert.Equal(("price", "11.00"), (type, price.GetProperty("price").GetRawText()));
        Assert.Equal("low", stock.Text("stockHint"));
        await all.UntilAsync("price", "SEEN-1");
        await vendor.DeleteAsync(created.Path(), priced.ETag());
        Assert.Equal(created.Id(), (await one.UntilAsync("deleted")).Text("productId"));
    }

    [Fact]
    public async Task A_reader_of_everything_that_comes_back_is_told_to_read_anew()
    {
        await using var stream = await EventStream.OpenAsync(scene.Nobody().Client, lastId: "1.1");

        Assert.Equal("reset", (await stream.NextAsync()).Type);
        Assert.Equal(["sku"], (await scene.Nobody().GetAsync("/api/v1/products/events?sku=not%20one")).ErrorsAt());
    }

    [Fact]
    public async Task Data_that_does_not_fit_is_refused_for_good()
    {
        (await TellAsync("{\"sku\":7}", Guid.NewGuid().ToString())).Problem(400, "eventUnreadable");
    }

    private async Task<string> HintAsync(string path) =>
        Person.Expect(await scene.Nobody().GetAsync(path), 200).GetProperty("variants")[0].Text("stock_hint");

    private async Task TellAsync(string sku, long available, long version, string? id = null)
    {
        var told = await TellAsync(
            string.Create(CultureInfo.InvariantCulture, $$"""{"sku":"{{sku}}","available":{{available}},"quantity":{{available}},"reserved":0,"version":{{version}}}"""),
            id ?? Guid.NewGuid().ToString());
        Assert.True(told.Status == 204, told.Body);
    }

    private Task<Answer> TellAsync(string data, string id) => scene.Nobody().PostAsync(
        "/events/catalog", data, ("ce-id", id), ("ce-source", "/inventory"), ("ce-type", "slipway.retail.inventory.updated.v1"), ("ce-specversion", "1.0"));
}
