using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Retail.Cart.Upkeep;
using Retail.Contracts;
using Slipway.RetailCart.Tests.Scenes;

namespace Slipway.RetailCart.Tests.Carts;

public sealed class CartTests(CartScene scene) : IClassFixture<CartScene>
{
    [Fact]
    public async Task A_cart_nobody_has_used_is_empty_and_one_that_is_used_adds_up()
    {
        var guest = scene.Guest();
        var empty = await guest.CartAsync();
        Assert.Equal((0, 0m), (empty.GetProperty("items").GetArrayLength(), empty.GetProperty("total_amount").GetDecimal()));
        var (one, two) = (await scene.ProductAsync(1999), await scene.ProductAsync(5));

        Shopper.Expect(await guest.AddAsync(one, 2), 201);
        Shopper.Expect(await guest.AddAsync(two), 201);
        var cart = Shopper.Expect(await guest.AddAsync(one), 201);

        Assert.Equal((4, 60.02m), (cart.GetProperty("total_items").GetInt32(), cart.GetProperty("total_amount").GetDecimal()));
        var line = cart.GetProperty("items")[0];
        Assert.Equal((one, 3, "19.99", "59.97"), (line.GetProperty("product_id").GetString(), line.GetProperty("quantity").GetInt32(), line.GetProperty("price").GetRawText(), line.GetProperty("subtotal").GetRawText()));
        Assert.Equal(cart.ToString(), (await guest.CartAsync()).ToString());
    }

    [Fact]
    public async Task Quantities_are_set_and_items_taken_out_one_by_one_or_all_at_once()
    {
        var guest = scene.Guest();
        var (one, two, three) = (await scene.ProductAsync(), await scene.ProductAsync(), await scene.ProductAsync());
        foreach (var sku in new[] { one, two, three })
        {
            Shopper.Expect(await guest.AddAsync(sku), 201);
        }

        Assert.Equal(7, Shopper.Expect(await guest.SetAsync(one, 5), 200).GetProperty("total_items").GetInt32());
        Assert.Equal(2, Shopper.Expect(await guest.SetAsync(one, 0), 200).GetProperty("total_items").GetInt32());
        (await guest.SetAsync(one, 1)).Problem(404);
        Assert.Equal(1, Shopper.Expect(await guest.SendAsync("DELETE", $"{guest.Cart}/items/{two}"), 200).GetProperty("total_items").GetInt32());
        Shopper.Expect(await guest.SendAsync("DELETE", $"{guest.Cart}/items/{two}"), 200);
        Shopper.Expect(await guest.SendAsync("DELETE", guest.Cart), 204);
        Shopper.Expect(await guest.SendAsync("DELETE", guest.Cart), 204);

        Assert.Equal(0, (await guest.CartAsync()).GetProperty("total_items").GetInt32());
    }

    [Fact]
    public async Task The_catalogues_price_counts_and_another_one_is_told()
    {
        var (guest, id) = (scene.Guest(), Guid.CreateVersion7());
        var sku = await scene.ProductAsync(1000, id);

        var cheap = Shopper.Expect(await guest.AddAsync(sku, 1, ",\"price\":0.01,\"product_name\":\"Stolen\""), 201).GetProperty("items")[0];
        Assert.Equal(("10.00", "Thing"), (cheap.GetProperty("price").GetRawText(), cheap.GetProperty("product_name").GetString()));
        Assert.Equal(("0.01", "10.00"), (cheap.GetProperty("price_changed").GetProperty("yours").GetRawText(), cheap.GetProperty("price_changed").GetProperty("now").GetRawText()));
        var seen = Shopper.Expect(await guest.SetAsync(sku, 2), 200).GetProperty("items")[0];
        Assert.False(seen.TryGetProperty("price_changed", out _));

        await scene.PriceAsync(id, 2, sku, 1200);
        await scene.PriceAsync(id, 1, sku, 1);
        var cart = await guest.CartAsync();
        Assert.Equal("24.00", cart.GetProperty("total_amount").GetRawText());
        Assert.Equal("10.00", cart.GetProperty("items")[0].GetProperty("price_changed").GetProperty("yours").GetRawText());
    }

    [Fact]
    public async Task A_product_no_event_has_told_of_is_asked_of_the_catalogue()
    {
        var (guest, id) = (scene.Guest(), Guid.CreateVersion7());
        var product = $$"""{"id":"{{id}}","sku":"ASKED-1","name":"Asked","price":7.50,"currency":"EUR","active":true,"variants":[{"sku":"ASKED-1","price":7.50},{"sku":"ASKED-2","name":"big","price":9.00}]}""";
        scene.Shop.Products[id.ToString()] = product;
        scene.Shop.Products["ASKED-2"] = product;

        Shopper.Expect(await guest.AddAsync(id.ToString()), 201);
        var cart = Shopper.Expect(await guest.AddAsync("ASKED-2"), 201);

        Assert.Equal(["ASKED-1", "ASKED-2"], cart.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sku").GetString()));
        Assert.Equal((id.ToString(), "Asked, big"), (cart.GetProperty("items")[0].GetProperty("product_id").GetString(), cart.GetProperty("items")[1].GetProperty("product_name").GetString()));
        Assert.Equal("16.50", cart.GetProperty("total_amount").GetRawText());
        var problem = (await guest.AddAsync("NOBODY-KNOWS")).Problem(422);
        Assert.Equal("unknownProduct", problem.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_cart_has_its_bounds()
    {
        var guest = scene.Guest();
        var sku = await scene.ProductAsync();
        Shopper.Expect(await guest.AddAsync(sku, 99), 201);
        (await guest.AddAsync(sku)).Problem(422);
        (await guest.SetAsync(sku, 100)).Problem(422);
        (await guest.AddAsync(sku, 0)).Problem(422);
        await scene.Database.ExecuteAsync(
            $"""
            insert into cart_items (cart_id, product_id, sku, product_name, price, quantity)
            select c.id, 'X-' || n, 'X-' || n, 'x', 1, 1 from carts c, generate_series(1, 99) n where c.customer_id = '{guest.Id}'
            """);

        (await guest.AddAsync(await scene.ProductAsync())).Problem(409, "cartFull");
        var gone = Guid.CreateVersion7();
        var notSold = await scene.ProductAsync(1000, gone);
        await scene.PriceAsync(gone, 2, notSold, 1000, active: false);
        Assert.Equal("notSold", (await guest.AddAsync(notSold)).Problem(422).GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Lines_say_whether_there_is_stock()
    {
        var guest = scene.Guest();
        var sku = await scene.ProductAsync();
        Shopper.Expect(await guest.AddAsync(sku), 201);
        foreach (var (available, version, hint) in new[] { (50, 5, "in_stock"), (3, 6, "low"), (99, 4, "low"), (0, 7, "out") })
        {
            await scene.StockAsync(sku, available, version);
            Assert.Equal(hint, (await guest.CartAsync()).GetProperty("items")[0].GetProperty("stock_hint").GetString());
        }
    }

    [Fact]
    public async Task A_customers_cart_is_the_customers_alone()
    {
        var (ann, bob, guest) = (scene.Customer(), scene.Customer(), scene.Guest());
        var sku = await scene.ProductAsync();
        Shopper.Expect(await ann.AddAsync(sku), 201);

        foreach (var (method, path, body) in new[]
        {
            ("GET", ann.Cart, null), ("DELETE", ann.Cart, null), ("GET", ann.Cart + "/events", null), ("PUT", $"{ann.Cart}/items/{sku}", """{"quantity":9}"""),
            ("DELETE", $"{ann.Cart}/items/{sku}", null), ("POST", "/api/v1/cart/items", $$"""{"customer_id":"{{ann.Id}}","product_id":"{{sku}}"}"""),
        })
        {
            (await bob.SendAsync(method, path, body)).Problem(404);
            (await guest.SendAsync(method, path, body)).Problem(401);
        }

        (await new Shopper(ann.Id, bob.Client).CheckOutAsync()).Problem(404);
        (await new Shopper(ann.Id, guest.Client).CheckOutAsync()).Problem(401);
        (await scene.Customer("retail.carts:read").AddAsync(sku)).Problem(403, "missingScope");
        (await guest.SendAsync("GET", "/api/v1/cart/somebody")).Problem(422);
        Assert.Equal(1, (await ann.CartAsync()).GetProperty("total_items").GetInt32());
    }

    [Fact]
    public async Task A_guests_cart_comes_along_when_they_sign_in()
    {
        var (ann, guest) = (scene.Customer(), scene.Guest());
        var (both, only) = (await scene.ProductAsync(), await scene.ProductAsync());
        Shopper.Expect(await ann.AddAsync(both, 98), 201);
        Shopper.Expect(await guest.AddAsync(both, 5), 201);
        Shopper.Expect(await guest.AddAsync(only, 2), 201);

        var merged = Shopper.Expect(await ann.SendAsync("POST", "/api/v1/cart/merge", $$"""{"from":"{{guest.Id}}"}"""), 200);

        Assert.Equal(101, merged.GetProperty("total_items").GetInt32());
        Assert.Equal(both, merged.GetProperty("merged").GetProperty("cut")[0].GetString());
        Assert.Equal(0, (await guest.CartAsync()).GetProperty("total_items").GetInt32());
        Assert.Equal(101, Shopper.Expect(await ann.SendAsync("POST", "/api/v1/cart/merge", $$"""{"from":"{{guest.Id}}"}"""), 200).GetProperty("total_items").GetInt32());
        (await ann.SendAsync("POST", "/api/v1/cart/merge", $$"""{"from":"{{ann.Id}}"}""")).Problem(422);
        (await guest.SendAsync("POST", "/api/v1/cart/merge", $$"""{"from":"{{guest.Id}}"}""")).Problem(401);
    }

    [Fact]
    public async Task Many_adding_at_once_lose_nothing()
    {
        var guest = scene.Guest();
        var sku = await scene.ProductAsync();
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => guest.AddAsync(sku)));
        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        Shopper.Expect(await guest.AddAsync(sku, 1, "", ("Idempotency-Key", key)), 201);
        Shopper.Expect(await guest.AddAsync(sku, 1, "", ("Idempotency-Key", key)), 201);

        var cart = await guest.CartAsync();
        Assert.Equal((21, 1), (cart.GetProperty("total_items").GetInt32(), cart.GetProperty("items").GetArrayLength()));
        var stale = await guest.SetAsync(sku, 3, ("If-Match", "\"1\""));
        stale.Problem(412);
        Shopper.Expect(await guest.SetAsync(sku, 3, ("If-Match", stale.Header("ETag")!)), 200);
    }

    [Fact]
    public async Task Other_pages_hear_of_the_count()
    {
        var guest = scene.Guest();
        var sku = await scene.ProductAsync();
        using var response = await guest.Client.GetAsync(guest.Cart + "/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(0, await NextAsync(reader));

        Shopper.Expect(await guest.AddAsync(sku, 3), 201);

        Assert.Equal(3, await NextAsync(reader));
    }

    [Fact]
    public async Task A_guests_cart_is_forgotten_after_thirty_days_and_a_persons_with_the_person()
    {
        var (old, young, ann) = (scene.Guest(), scene.Guest(), scene.Customer());
        var sku = await scene.ProductAsync();
        foreach (var shopper in new[] { old, young, ann })
        {
            Shopper.Expect(await shopper.AddAsync(sku), 201);
        }

        await scene.Database.ExecuteAsync($"update carts set updated_at = now() - interval '31 days' where customer_id in ('{old.Id}', '{ann.Id}')");
        await scene.Service.Services.GetRequiredService<CartUpkeep>().RunAsync(CancellationToken.None);
        Assert.Equal("0", await CountAsync(old));
        Assert.Equal(("1", "1"), (await CountAsync(young), await CountAsync(ann)));

        await scene.TellAsync("users", EventTypes.UserDeleted, ContractsJson.Default.UserDeleted, new UserDeleted(Guid.Parse(ann.Id)));
        Assert.Equal("0", await CountAsync(ann));
    }

    private static async Task<long> NextAsync(StreamReader reader)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                using var document = JsonDocument.Parse(line[6..]);
                return document.RootElement.GetProperty("total_items").GetInt64();
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private Task<string> CountAsync(Shopper shopper) => scene.Database.TextAsync($"select count(*) from carts where customer_id = '{shopper.Id}'");
}
