using Slipway.RetailOrders.Tests.Scenes;

namespace Slipway.RetailOrders.Tests.Orders;

public sealed class PlacingTests(OrdersScene scene) : IClassFixture<OrdersScene>
{
    [Fact]
    public async Task An_order_takes_the_shops_prices_adds_shipping_and_asks_for_stock()
    {
        var order = await scene.Buyer().OrderedAsync(2);

        Assert.Equal("pending", order.GetProperty("status").GetString());
        Assert.Equal("reserving", order.GetProperty("sagaState").GetString());
        Assert.Equal("39.98", order.GetProperty("subtotal").GetRawText());
        Assert.Equal("4.90", order.GetProperty("shipping").GetRawText());
        Assert.Equal("44.88", order.GetProperty("total").GetRawText());
        Assert.Equal("7.17", order.GetProperty("tax").GetRawText());
        Assert.Equal("Lamp, white", order.GetProperty("items")[0].GetProperty("name").GetString());
        var told = await scene.ToldAsync(order.GetProperty("id").GetGuid(), "order.created");
        Assert.Equal(4_488, told.GetProperty("totalMinor").GetInt64());
        Assert.Equal("LAMP-1", told.GetProperty("lines")[0].GetProperty("sku").GetString());
        Assert.DoesNotContain("Secret", told.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_places_one_order_and_a_guest_gets_the_same_token_again()
    {
        var guest = scene.Guest();
        var key = Guid.NewGuid().ToString();
        var first = await guest.OrderAsync(Buyer.Body(), key);
        var again = await guest.OrderAsync(Buyer.Body(), key);

        Assert.Equal(Buyer.Expect(first, 201).GetRawText(), Buyer.Expect(again, 201).GetRawText());
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        var id = first.Json().GetProperty("id").GetGuid();
        Assert.Equal("1", await scene.Database.TextAsync($"select count(*) from order_stream where order_id = '{id}' and version = 1"));
        var token = first.Json().GetProperty("guestToken").GetString()!;
        Assert.Equal("0", await scene.Database.TextAsync($"select count(*) from slipway.idempotency_replies where convert_from(body, 'UTF8') like '%{token}%' or convert_from(body, 'UTF8') like '%Secret Street%'"));
    }

    [Fact]
    public async Task An_order_without_a_key_is_refused() =>
        (await scene.Buyer().PostAsync("/api/v1/orders", Buyer.Body())).Problem(400);

    [Fact]
    public async Task A_price_that_changed_meanwhile_is_a_conflict_that_tells_both()
    {
        var problem = (await scene.Buyer().OrderAsync(Buyer.Body(item: "\"sku\":\"LAMP-2\",\"expectedPrice\":20.00"))).Problem(409, "priceChanged");

        var args = problem.GetProperty("errors")[0].GetProperty("args");
        Assert.Equal(24.99m, args.GetProperty("now").GetDecimal());
        Assert.Equal("/items/0/expectedPrice", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_product_means_its_first_variant_and_lines_of_one_sku_become_one()
    {
        var body = Buyer.Body(item: $"\"productId\":\"{scene.Product}\",\"quantity\":1}},{{\"sku\":\"LAMP-1\"");
        var order = Buyer.Expect(await scene.Buyer().OrderAsync(body), 201);

        var item = Assert.Single(order.GetProperty("items").EnumerateArray());
        Assert.Equal(2, item.GetProperty("quantity").GetInt32());
    }

    [Theory]
    [InlineData("\"sku\":\"NO-SUCH\"", "/items/0", "notForSale")]
    [InlineData("\"sku\":\"\"", "/items/0/sku", "required")]
    public async Task An_item_that_cannot_be_bought_is_named(string item, string pointer, string code)
    {
        var error = (await scene.Buyer().OrderAsync(Buyer.Body(item: item))).Problem(422).GetProperty("errors")[0];
        Assert.Equal((pointer, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("""{"items":[{"sku":"LAMP-1","quantity":0}]}""", "/items/0/quantity")]
    [InlineData("""{"items":[]}""", "/items")]
    [InlineData("""{"items":[null]}""", "/items/0")]
    [InlineData("""{"paymentToken":"4242 4242 4242 4242"}""", "/paymentToken")]
    [InlineData("""{"currency":"USD"}""", "/currency")]
    [InlineData("""{"email":"nobody"}""", "/email")]
    [InlineData("""{"shippingAddress":{"country":"de"}}""", "/shippingAddress/country")]
    public async Task What_is_wrong_with_a_body_is_named(string body, string pointer)
    {
        var problem = (await scene.Buyer().OrderAsync(body)).Problem(422);
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.GetProperty("pointer").GetString() == pointer);
    }

    [Fact]
    public async Task Vendors_do_not_buy_and_admins_may()
    {
        (await scene.Buyer(roles: "vendor").OrderAsync(Buyer.Body())).Problem(403, "forbidden");
        Buyer.Expect(await scene.Buyer(roles: "admin").OrderAsync(Buyer.Body()), 201);
        (await scene.Buyer(["retail.orders:read"]).OrderAsync(Buyer.Body())).Problem(403, "missingScope");
    }

    [Fact]
    public async Task The_address_without_a_version_is_the_same_call() =>
        Buyer.Expect(await scene.Buyer().PostAsync("/api/orders", Buyer.Body(), ("Idempotency-Key", Guid.NewGuid().ToString())), 201);

    [Fact]
    public async Task Prices_follow_the_newest_version_whatever_comes_late()
    {
        var other = Guid.CreateVersion7();
        string Product(long version, long price) =>
            $$"""{"productId":"{{other}}","version":{{version}},"name":"Chair","category":"home","vendorId":"{{scene.Vendor}}","active":true,"variants":[{"sku":"CHAIR","priceMinor":{{price}},"currency":"EUR"}]}""";
        await scene.HearAsync("products", "product.created", other, Product(1, 1_000));
        await scene.HearAsync("products", "product.updated", other, Product(3, 3_000));
        await scene.HearAsync("products", "product.updated", other, Product(2, 2_000));
        Assert.Equal(30.00m, Buyer.Expect(await scene.Buyer().OrderAsync(Buyer.Body(item: "\"sku\":\"CHAIR\"")), 201).GetProperty("subtotal").GetDecimal());

        await scene.HearAsync("products", "product.deleted", other, $$"""{"productId":"{{other}}","version":4,"skus":["CHAIR"]}""");
        (await scene.Buyer().OrderAsync(Buyer.Body(item: "\"sku\":\"CHAIR\""))).Problem(422);
    }
}
