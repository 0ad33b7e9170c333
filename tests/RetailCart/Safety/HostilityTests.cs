using FsCheck;
using FsCheck.Fluent;
using Slipway.RetailCart.Tests.Scenes;

namespace Slipway.RetailCart.Tests.Safety;

/// <summary>Whatever is sent, the answer is a sensible one and the cart stays as it was.</summary>
public sealed class HostilityTests(CartScene scene) : IClassFixture<CartScene>
{
    [Fact]
    public async Task Hostile_bodies_are_refused_with_a_problem()
    {
        var guest = scene.Guest();
        var sku = await scene.ProductAsync();
        Shopper.Expect(await guest.AddAsync(sku), 201);
        foreach (var members in Properties.Examples(Members(), count: 40))
        {
            var own = $"\"customer_id\":\"{guest.Id}\"";
            foreach (var (method, path, body) in new[]
            {
                ("POST", "/api/v1/cart/items", $"{{{own},{members}}}"), ("PUT", $"{guest.Cart}/items/{sku}", $"{{{members}}}"),
                ("POST", "/api/v1/cart/checkout", $"{{{own},{members}}}"), ("POST", "/api/v1/cart/items", $"{{{members}}}"),
            })
            {
                var answer = await guest.SendAsync(method, path, body);
                Assert.True(answer.Status is 400 or 404 or 409 or 422, $"{method} {path} {body}: {answer.Status} {answer.Body}");
            }
        }

        Assert.Equal(1, (await guest.CartAsync()).GetProperty("total_items").GetInt32());
        Assert.Empty(scene.Shop.Of(guest.Id));
    }

    [Theory]
    [InlineData("/api/v1/cart/%00")]
    [InlineData("/api/v1/cart/guest-'%3B%20drop%20table%20carts--")]
    [InlineData("/api/cart/guest-0f8fad5b-d9cb-469f-a165-70867728950e%2F..")]
    public async Task Hostile_addresses_open_no_cart(string path) =>
        Assert.Contains((await scene.Guest().SendAsync("GET", path)).Status, new[] { 400, 404, 422 });

    [Fact]
    public async Task The_unversioned_address_is_the_same_cart()
    {
        var guest = scene.Guest();
        var sku = await scene.ProductAsync();

        Shopper.Expect(await guest.SendAsync("POST", "/api/cart/items", $$"""{"customer_id":"{{guest.Id}}","product_id":"{{sku}}"}"""), 201);

        Assert.Equal((await guest.CartAsync()).ToString(), Shopper.Expect(await guest.SendAsync("GET", "/api/cart/" + guest.Id), 200).ToString());
    }

    private static Gen<string> Members()
    {
        var value = Gen.Elements("null", "-1", "1e400", "99999999999999999999", "\"\"", "\"\\u0000\"", "[]", "{}", "true", "\"\\ud800\"", "0.5", "{\"token\":4}", "{\"country\":\"d\\u0000\"}");
        var name = Gen.Elements("product_id", "quantity", "price", "product_name", "payment", "shipping_address", "email", "__proto__");
        return from first in name from one in value from second in name from two in value select $"\"{first}\":{one},\"{second}x\":{two}";
    }
}
