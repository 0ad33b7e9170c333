using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Retail.Cart.Carts;
using Retail.Cart.Checkout;
using Retail.Cart.Products;

namespace Slipway.RetailCart.Tests.Carts;

public sealed class CartRuleTests
{
    [Fact]
    public void Merging_loses_nothing_of_the_customers_own_and_names_what_it_leaves_out() =>
        Properties.Hold(
            from own in Lines()
            from guests in Lines()
            select (Own: own, Guests: guests),
            carts =>
            {
                var plan = CartRules.Merge(carts.Own, carts.Guests);
                var after = carts.Own.ToDictionary(line => line.Sku, line => line.Quantity);
                foreach (var (line, quantity) in plan.Set)
                {
                    after[line.Sku] = quantity;
                }

                return after.Count <= CartRules.LinesMax
                    && after.Values.All(quantity => quantity is >= 1 and <= CartRules.QuantityMax)
                    && carts.Own.All(line => after[line.Sku] >= line.Quantity)
                    && carts.Guests.All(line => plan.Left.Contains(line.Sku) || plan.Cut.Contains(line.Sku)
                        || after[line.Sku] == line.Quantity + (carts.Own.FirstOrDefault(own => own.Sku == line.Sku)?.Quantity ?? 0))
                    && plan.Left.All(sku => !after.ContainsKey(sku));
            });

    [Theory]
    [InlineData(null, null)]
    [InlineData(-1L, "out")]
    [InlineData(0L, "out")]
    [InlineData(1L, "low")]
    [InlineData(5L, "low")]
    [InlineData(6L, "in_stock")]
    public void A_stock_count_becomes_a_hint(long? available, string? hint) => Assert.Equal(hint, CartRules.StockHint(available));

    [Theory]
    [InlineData(0L, 0L, 0L)]
    [InlineData(100L, 490L, 94L)]
    [InlineData(4999L, 490L, 876L)]
    [InlineData(5000L, 0L, 798L)]
    public void Shipping_and_the_tax_within_are_shown(long items, long shipping, long tax) =>
        Assert.Equal((shipping, tax), (CartRules.ShippingOf(items), CartRules.TaxWithin(items + CartRules.ShippingOf(items))));

    [Theory]
    [InlineData("guest-0F8FAD5B-D9CB-469F-A165-70867728950E", "guest-0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("0F8FAD5B-D9CB-469F-A165-70867728950E", "0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("guest-", null)]
    [InlineData("guest-00000000-0000-0000-0000-000000000000", null)]
    [InlineData("guest-0f8fad5bd9cb469fa16570867728950e", null)]
    [InlineData("anybody", null)]
    [InlineData(null, null)]
    public void An_id_has_one_spelling(string? text, string? id) => Assert.Equal(id, CartId.Parse(text)?.Text);

    [Theory]
    [InlineData("""{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","sku":"A","name":"N","price":1.50,"currency":"EUR"}""", "A", 150L)]
    [InlineData("""{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","sku":"A","name":"N","price":1.50,"currency":"EUR"}""", "0f8fad5b-d9cb-469f-a165-70867728950e", 150L)]
    [InlineData("""{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","sku":"A","price":1.50,"variants":[{"sku":"B","price":2}]}""", "B", 200L)]
    [InlineData("""{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","sku":"A","price":1.50,"variants":[{"sku":"B","price":2}]}""", "b", 200L)]
    [InlineData("""{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","sku":"A","price":1.50}""", "C", null)]
    [InlineData("""{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","sku":"A","price":1.505}""", "A", null)]
    [InlineData("""{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","sku":"A","price":-1}""", "A", null)]
    [InlineData("""{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","sku":"A","price":1,"currency":"USD"}""", "A", null)]
    [InlineData("""{"sku":"A","price":1}""", "A", null)]
    [InlineData("[]", "A", null)]
    public void The_catalogues_answer_is_read_with_care(string json, string asked, long? price)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(price, CatalogAnswer.Read(document.RootElement, asked)?.Product.PriceMinor);
    }

    [Fact]
    public void Two_clicks_on_one_cart_have_one_key_and_everything_else_has_another()
    {
        var cart = new CartState { Id = 7, CustomerId = "guest-1", Version = 3, Lines = [new CartLine { ProductId = "A", Sku = "A", Name = "N", PriceMinor = 100, Quantity = 1 }] };
        var buyer = new Buyer("Ann", "Way 1", "Berlin", "10115", "DE", "ann@example.test", "tok_success");
        var key = OrderRequest.Key(cart, buyer);

        Assert.Equal(key, OrderRequest.Key(cart with { Lines = [.. cart.Lines] }, buyer with { }));
        Assert.NotEqual(key, OrderRequest.Key(cart with { Version = 4 }, buyer));
        Assert.NotEqual(key, OrderRequest.Key(cart with { CustomerId = "guest-2" }, buyer));
        Assert.NotEqual(key, OrderRequest.Key(cart with { Lines = [cart.Lines[0] with { PriceMinor = 101 }] }, buyer));
        Assert.NotEqual(key, OrderRequest.Key(cart, buyer with { City = "Bonn" }));
    }

    private static Gen<List<CartLine>> Lines() =>
        from count in Gen.Choose(0, CartRules.LinesMax)
        from first in Gen.Choose(0, 120)
        from quantities in Gen.Choose(1, CartRules.QuantityMax).ListOf(count)
        select quantities.Select((quantity, at) => new CartLine { Id = at, ProductId = $"SKU-{first + at}", Sku = $"SKU-{first + at}", Name = "x", Quantity = quantity }).ToList();
}
