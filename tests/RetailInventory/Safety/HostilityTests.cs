using FsCheck;
using FsCheck.Fluent;
using Retail.Contracts;
using Slipway.RetailInventory.Tests.Scenes;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.RetailInventory.Tests.Safety;

/// <summary>Whatever is sent, the answer is a sensible one and the books stay right.</summary>
public sealed class HostilityTests(StockScene scene) : IClassFixture<StockScene>
{
    [Fact]
    public async Task Hostile_bodies_are_refused_with_a_problem()
    {
        var sku = await scene.StockedAsync(5);
        (string Method, string Path)[] targets =
        [
            ("POST", "/api/v1/inventory"), ("PUT", "/api/v1/inventory/" + sku), ("POST", $"/api/v1/inventory/{sku}/adjust"),
            ("POST", "/api/v1/inventory/reserve"), ("POST", "/api/v1/inventory/release"), ("POST", "/api/v1/inventory/confirm"),
        ];
        foreach (var body in Properties.Examples(Bodies(), count: 25))
        {
            foreach (var (method, path) in targets)
            {
                var answer = await StockScene.SendAsync(scene.Admin, method, path, body, ("Idempotency-Key", Guid.NewGuid().ToString()), ("If-Match", "\"1\""));
                Assert.True(answer.Status is 400 or 404 or 409 or 412 or 422, $"{method} {path} {body}: {answer.Status} {answer.Body}");
            }
        }

        Assert.Equal((5, 0), await scene.SumsAsync(sku));
        await scene.AssertBooksAsync();
    }

    [Theory]
    [InlineData("/api/v1/inventory/%00")]
    [InlineData("/api/v1/inventory/'%3B%20drop%20table%20inventory--")]
    [InlineData("/api/v1/inventory/stock?sku=%27%29%3B--")]
    [InlineData("/api/v1/inventory/ud83d/movements")]
    public async Task Hostile_addresses_find_nothing(string path) =>
        Assert.Contains((await StockScene.SendAsync(scene.Admin, "GET", path)).Status, new[] { 200, 400, 404, 422 });

    [Fact]
    public async Task Events_that_make_no_sense_are_refused_and_never_tried_again()
    {
        var order = Guid.CreateVersion7();
        await scene.TellAsync(
            "orders", EventTypes.OrderCreated, ContractsJson.Default.OrderCreated, new OrderCreated(order, "R-1", null, [], 0, "EUR"), status: 400);
        await scene.TellAsync(
            "orders", EventTypes.OrderCreated, ContractsJson.Default.OrderCreated,
            new OrderCreated(order, "R-1", null, [new OrderLine("A", Guid.Empty, Guid.Empty, "x", 1, -5)], 0, "EUR"), status: 400);
        await scene.TellAsync("orders", EventTypes.OrderCreated, ContractsJson.Default.UserDeleted, new UserDeleted(order), status: 400);

        Assert.Equal("", await scene.StatusAsync(order));
    }

    [Fact]
    public async Task Without_the_right_to_it_nothing_is_read_or_changed()
    {
        var sku = await scene.StockedAsync(5);
        using var nobody = scene.Service.NewClient();
        using var reader = scene.Client("admin", scopes: "retail.inventory:read");
        using var other = scene.Client("admin", scopes: "retail.orders:write");
        foreach (var path in new[] { "/api/v1/inventory", "/api/v1/inventory/" + sku, $"/api/v1/inventory/{sku}/movements", "/api/v1/inventory/low-stock", "/api/inventory/reconciliation" })
        {
            (await StockScene.SendAsync(nobody, "GET", path)).Problem(401);
            (await StockScene.SendAsync(other, "GET", path)).Problem(403, "missingScope");
        }

        (await StockScene.SendAsync(reader, "POST", "/api/v1/inventory/release", """{"orderId":"01990000-0000-7000-8000-0000000000aa"}""")).Problem(403, "missingScope");
        (await StockScene.SendAsync(scene.Client("vendor"), "GET", "/api/v1/inventory/reconciliation")).Problem(403);
    }

    private static Gen<string> Bodies()
    {
        var value = Gen.Elements(
            "null", "-1", "1e400", "99999999999999999999", "\"\"", "\"\\u0000\"", "\"x' or 1=1 --\"", "[]", "{}", "true", "[null]", "[{\"sku\":\"A\",\"quantity\":0}]",
            "\"00000000-0000-0000-0000-000000000000\"", "0.5", "\"\\ud800\"", "[{\"sku\":null,\"quantity\":2147483648}]");
        var name = Gen.Elements("orderId", "items", "quantity", "sku", "productId", "delta", "reason", "location", "warehouse_location", "reorderThreshold", "__proto__");
        return (from name_ in name from value_ in value select $"\"{name_}\":{value_}").ListOf(3).Select(members => "{" + string.Join(',', members.Distinct()) + "}");
    }
}
