using System.Globalization;
using Slipway.RetailCatalog.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailCatalog.Tests.Live;

public sealed class CacheTests(CatalogScene scene) : IClassFixture<CatalogScene>
{
    [Fact]
    public async Task A_write_is_seen_by_its_writer_at_once_in_every_list()
    {
        await CatalogScene.UntilRememberingAsync(scene.Service);
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Version 0", category: "audio");
        string[] addresses = [created.Path(), "/api/v1/products?category=audio", "/api/v1/products?category=electronics", $"/api/v1/products/search?vendor={vendor.Id}"];

        var etag = created.ETag();
        for (var version = 1; version <= 10; version++)
        {
            var changed = await vendor.PatchAsync(created.Path(), $$"""{"name":"Version {{version}}"}""", etag);
            etag = changed.ETag();
            foreach (var address in addresses)
            {
                Assert.Contains($"\"Version {version}\"", (await scene.Nobody().GetAsync(address)).Body, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task What_is_asked_again_comes_from_memory_and_what_is_known_is_not_sent()
    {
        await CatalogScene.UntilRememberingAsync(scene.Service);
        await scene.Vendor().OfferAsync("Remembered", category: "charging");
        const string Address = "/api/v1/products?category=charging";
        var first = await scene.Nobody().GetAsync(Address);
        var before = await HitsAsync(scene.Service);

        var again = await scene.Nobody().GetAsync(Address);
        var known = await scene.Nobody().GetAsync(Address, ("If-None-Match", first.ETag()));

        Assert.Equal(first.Body, again.Body);
        Assert.Equal((304, ""), (known.Status, known.Body));
        Assert.True(await HitsAsync(scene.Service) >= before + 2);
    }

    [Fact]
    public async Task A_change_in_one_instance_reaches_the_memory_of_another()
    {
        await using var other = await scene.StartAsync();
        await other.UntilReadyAsync();
        await CatalogScene.UntilRememberingAsync(other);
        var vendor = scene.Vendor();
        var created = await vendor.OfferAsync("Far away", price: 1);
        var far = scene.Nobody(other);
        await Eventually.TrueAsync(async () => (await far.GetAsync("/api/v1/products?q=far")).Names().Contains("Far away"));
        Assert.Equal(200, (await far.GetAsync(created.Path())).Status);

        await vendor.PatchAsync(created.Path() + "/price", """{"price":2}""", created.ETag());

        await Eventually.TrueAsync(async () => Person.Expect(await far.GetAsync(created.Path()), 200).GetProperty("price").GetDecimal() == 2);
        await Eventually.TrueAsync(async () => (await far.GetAsync("/api/v1/products?q=far")).Body.Contains("\"price\":2.00", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_who_ask_the_same_at_once_all_get_the_answer()
    {
        await scene.Vendor().OfferAsync("Popular", category: "toys");

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => scene.Nobody().GetAsync("/api/v1/products/search?category=toys")));

        Assert.All(answers, answer => Assert.Equal(["Popular"], answer.Names()));
    }

    private static async Task<double> HitsAsync(RunningService service)
    {
        using var client = service.NewClient();
        var line = (await client.GetStringAsync("/metrics")).Split('\n').FirstOrDefault(line => line.StartsWith("catalog_cache_requests_total{result=\"hit\"", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }
}
