using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Retail.Contracts;
using Retail.Inventory.Reconciling;
using Retail.Inventory.Seeding;
using Slipway.RetailInventory.Tests.Scenes;

namespace Slipway.RetailInventory.Tests.Stock;

public sealed class StockTests(StockScene scene) : IClassFixture<StockScene>
{
    [Fact]
    public async Task Every_change_is_a_row_of_the_ledger_with_its_reason_and_who_said_so()
    {
        var sku = await scene.StockedAsync(10);

        StockScene.Expect(await AdjustAsync(sku, -3, "broken"), 200);
        StockScene.Expect(await AdjustAsync(sku, 5, "delivery 17", location: "berlin"), 200);

        var stock = await scene.StockAsync(sku);
        Assert.Equal(12, stock.GetProperty("quantity").GetInt64());
        Assert.Equal(["berlin", "main"], stock.GetProperty("locations").EnumerateArray().Select(place => place.GetProperty("warehouse_location").GetString()));
        var ledger = StockScene.Expect(await StockScene.SendAsync(scene.Admin, "GET", $"/api/v1/inventory/{sku}/movements?limit=2"), 200);
        var newest = ledger.GetProperty("items").EnumerateArray().First();
        Assert.Equal((5, "delivery 17", "adjusted"), (newest.GetProperty("quantityDelta").GetInt64(), newest.GetProperty("reason").GetString()!, newest.GetProperty("kind").GetString()!));
        Assert.StartsWith("user:", newest.GetProperty("actor").GetString(), StringComparison.Ordinal);
        var next = ledger.GetProperty("page").GetProperty("next").GetString();
        var rest = StockScene.Expect(await StockScene.SendAsync(scene.Admin, "GET", $"/api/v1/inventory/{sku}/movements?limit=2&cursor={next}"), 200);
        Assert.Equal("received", Assert.Single(rest.GetProperty("items").EnumerateArray().ToList()).GetProperty("kind").GetString());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task Who_names_no_place_means_the_fullest_and_must_name_it_to_count()
    {
        var sku = await scene.StockedAsync(3);
        StockScene.Expect(await AdjustAsync(sku, 20, "delivery", location: "berlin"), 200);

        var after = StockScene.Expect(await AdjustAsync(sku, -5, "broken"), 200);

        Assert.Equal([15L, 3L], after.GetProperty("locations").EnumerateArray().Select(place => place.GetProperty("quantity").GetInt64()));
        var seen = after.GetProperty("version").GetInt64();
        var problem = (await StockScene.SendAsync(scene.Admin, "PUT", "/api/v1/inventory/" + sku, """{"quantity":7}""", ("If-Match", $"\"{seen}\""))).Problem(422);
        Assert.Equal("/warehouse_location", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Theory]
    [InlineData("update movements set reason = 'x'")]
    [InlineData("delete from movements")]
    [InlineData("truncate movements")]
    public async Task The_ledger_is_never_rewritten(string sql)
    {
        await scene.StockedAsync(1);

        await Assert.ThrowsAsync<PostgresException>(() => scene.Database.ExecuteAsync(sql));
    }

    [Fact]
    public async Task More_than_is_free_is_never_taken_out()
    {
        var sku = await scene.StockedAsync(10);
        await scene.OrderedAsync(Guid.CreateVersion7(), (sku, 8));

        (await AdjustAsync(sku, -3, "broken")).Problem(409, "outOfStock");
        StockScene.Expect(await AdjustAsync(sku, -2, "broken"), 200);

        Assert.Equal((8, 8), await scene.SumsAsync(sku));
    }

    [Fact]
    public async Task A_count_replaces_only_what_was_seen()
    {
        var sku = await scene.StockedAsync(10);
        var seen = (await StockScene.SendAsync(scene.Admin, "GET", "/api/v1/inventory/" + sku)).Header("ETag")!;
        await AdjustAsync(sku, 1, "found");

        (await StockScene.SendAsync(scene.Admin, "PUT", "/api/v1/inventory/" + sku, """{"quantity":7}""")).Problem(428);
        var stale = await StockScene.SendAsync(scene.Admin, "PUT", "/api/v1/inventory/" + sku, """{"quantity":7}""", ("If-Match", seen));
        stale.Problem(412);
        StockScene.Expect(await StockScene.SendAsync(scene.Admin, "PUT", "/api/v1/inventory/" + sku, """{"quantity":7,"reorderThreshold":1}""", ("If-Match", stale.Header("ETag")!)), 200);

        var stock = await scene.StockAsync(sku);
        Assert.Equal((7, 1), (stock.GetProperty("quantity").GetInt64(), stock.GetProperty("reorderThreshold").GetInt32()));
    }

    [Fact]
    public async Task Little_stock_is_told_once_per_crossing()
    {
        var sku = await scene.StockedAsync(10, threshold: 3);

        await AdjustAsync(sku, -7, "sold elsewhere");
        await AdjustAsync(sku, -1, "sold elsewhere");
        await AdjustAsync(sku, 8, "delivery");
        await AdjustAsync(sku, -9, "sold elsewhere");
        await scene.ToldAsync(EventTypes.InventoryLowStock, sku, skip: 1);
        await scene.ToldAsync(EventTypes.InventoryUpdated, sku, skip: 4);

        Assert.Equal([3, 1], scene.Told(EventTypes.InventoryLowStock, sku).Select(told => told.GetProperty("data").GetProperty("available").GetInt64()));
        var low = StockScene.Expect(await StockScene.SendAsync(scene.Admin, "GET", "/api/v1/inventory/low-stock?limit=200"), 200);
        Assert.Contains(low.GetProperty("items").EnumerateArray(), item => item.GetProperty("sku").GetString() == sku);
    }

    [Fact]
    public async Task Everybody_sees_a_hint_and_only_little_is_counted()
    {
        var (many, few, none) = (await scene.StockedAsync(50), await scene.StockedAsync(3), await scene.StockedAsync(0));
        using var anybody = scene.Service.NewClient();

        var hints = StockScene.Expect(await StockScene.SendAsync(anybody, "GET", $"/api/v1/inventory/stock?sku={many},{few},{none},NOBODY-KNOWS"), 200).GetProperty("items");

        Assert.Equal(["in_stock", "low", "out", "out"], hints.EnumerateArray().Select(hint => hint.GetProperty("stock").GetString()));
        Assert.Equal(JsonValueKind.Null, hints[0].GetProperty("left").ValueKind);
        Assert.Equal(3, hints[1].GetProperty("left").GetInt64());
    }

    [Fact]
    public async Task Changes_are_seen_live()
    {
        var sku = await scene.StockedAsync(2);
        using var anybody = scene.Service.NewClient();
        using var response = await anybody.GetAsync($"/api/v1/inventory/events?sku={sku}", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("low", await NextAsync(reader));

        await AdjustAsync(sku, 50, "delivery");

        Assert.Equal("in_stock", await NextAsync(reader));
    }

    [Fact]
    public async Task A_vendor_moves_the_stock_of_their_own_products_only()
    {
        var vendor = Guid.CreateVersion7();
        var (own, other) = (await scene.StockedAsync(5, vendor: vendor), await scene.StockedAsync(5));
        using var client = scene.Client("vendor", vendor);

        StockScene.Expect(await AdjustAsync(own, 1, "delivery", client: client), 200);
        (await AdjustAsync(other, 1, "delivery", client: client)).Problem(404);
        (await AdjustAsync(own, 1, "delivery", client: scene.Client("customer"))).Problem(403);
        foreach (var path in new[] { "/api/v1/inventory/" + other, $"/api/v1/inventory/{other}/movements" })
        {
            (await StockScene.SendAsync(client, "GET", path)).Problem(404);
            (await StockScene.SendAsync(scene.Client("customer"), "GET", path)).Problem(403);
        }

        StockScene.Expect(await StockScene.SendAsync(client, "GET", $"/api/v1/inventory/{own}/movements"), 200);
        (await StockScene.SendAsync(scene.Client("customer"), "GET", "/api/v1/inventory")).Problem(403);
        var mine = StockScene.Expect(await StockScene.SendAsync(client, "GET", "/api/v1/inventory"), 200);
        Assert.Equal(own, Assert.Single(mine.GetProperty("items").EnumerateArray().ToList()).GetProperty("sku").GetString());
    }

    [Fact]
    public async Task A_product_means_its_default_variant_and_old_news_of_it_changes_nothing()
    {
        var (product, vendor, first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7(), scene.NewSku(), scene.NewSku());
        await scene.ProductAsync(product, 2, vendor, first, second);
        await scene.ProductAsync(product, 1, vendor, second);
        StockScene.Expect(await StockScene.SendAsync(scene.Admin, "POST", "/api/v1/inventory", $$"""{"productId":"{{product}}","warehouse_location":"berlin","quantity":4}"""), 201);

        var stock = await scene.StockAsync(product.ToString());
        Assert.Equal((first, product, 4L), (stock.GetProperty("sku").GetString(), stock.GetProperty("product_id").GetGuid(), stock.GetProperty("available").GetInt64()));

        await scene.TellAsync("products", EventTypes.ProductDeleted, ContractsJson.Default.ProductDeleted, new ProductDeleted(product, 3, [first, second]));
        var order = Guid.CreateVersion7();
        await scene.OrderedAsync(order, (first, 1));
        await scene.ToldAsync(EventTypes.InventoryReservationFailed, order.ToString());
    }

    [Fact]
    public async Task The_daily_comparison_finds_nothing_in_sound_books_and_what_is_wrong_in_others()
    {
        var sku = await scene.StockedAsync(5);
        var reconciliation = scene.Service.Services.GetRequiredService<Reconciliation>();
        Assert.DoesNotContain((await reconciliation.RunAsync(CancellationToken.None)).Findings, finding => finding.Sku == sku);

        await scene.Database.ExecuteAsync($"update inventory set quantity = quantity + 2 where sku = '{sku}'");
        var report = await reconciliation.RunAsync(CancellationToken.None);
        var finding = Assert.Single(report.Findings, finding => finding.Sku == sku);
        Assert.Equal(("quantity", 5L, 7L), (finding.Kind, finding.Expected, finding.Actual));
        var shown = StockScene.Expect(await StockScene.SendAsync(scene.Admin, "GET", "/api/v1/inventory/reconciliation"), 200);
        Assert.Equal(report.Id, shown.GetProperty("id").GetGuid());
        await scene.Database.ExecuteAsync($"update inventory set quantity = quantity - 2 where sku = '{sku}'");
    }

    [Fact]
    public async Task Seeding_stocks_the_shop_once()
    {
        var seed = scene.Service.Services.GetRequiredService<Seed>();
        var file = Seed.Read();

        Assert.True(await seed.RunAsync(file, CancellationToken.None) > 50);
        Assert.Equal(0, await seed.RunAsync(file, CancellationToken.None));
        var variant = file.Products[0].Variants[0];
        Assert.Equal(variant.Stock.Sum(stock => stock.Quantity), (await scene.SumsAsync(variant.Sku)).Quantity);
        await scene.AssertBooksAsync();
    }

    private static async Task<string> NextAsync(StreamReader reader)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                using var document = JsonDocument.Parse(line[6..]);
                return document.RootElement.GetProperty("stock").GetString()!;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private Task<Sdk.Hosting.Conformance.Answer> AdjustAsync(string sku, int delta, string reason, string? location = null, HttpClient? client = null) => StockScene.SendAsync(
        client ?? scene.Admin, "POST", $"/api/v1/inventory/{sku}/adjust",
        $$"""{"delta":{{delta}},"reason":"{{reason}}"{{(location is null ? "" : $",\"location\":\"{location}\"")}}}""", ("Idempotency-Key", Guid.NewGuid().ToString()));
}
