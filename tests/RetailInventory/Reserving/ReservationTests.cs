using Microsoft.Extensions.DependencyInjection;
using Retail.Contracts;
using Retail.Inventory.Reserving;
using Slipway.RetailInventory.Tests.Scenes;

namespace Slipway.RetailInventory.Tests.Reserving;

public sealed class ReservationTests(StockScene scene) : IClassFixture<StockScene>
{
    [Fact]
    public async Task An_order_holds_all_of_its_lines_and_says_so()
    {
        var (one, two) = (await scene.StockedAsync(10), await scene.StockedAsync(10));
        var order = Guid.CreateVersion7();

        await scene.OrderedAsync(order, (two, 3), (one, 2));

        var told = await scene.ToldAsync(EventTypes.InventoryReserved, order.ToString());
        Assert.Equal(order, told.GetProperty("orderId").GetGuid());
        Assert.Equal(2, told.GetProperty("lines").GetArrayLength());
        Assert.Equal((10, 2), await scene.SumsAsync(one));
        Assert.Equal((10, 3), await scene.SumsAsync(two));
        var changed = await scene.ToldAsync(EventTypes.InventoryUpdated, two, skip: 1);
        Assert.Equal(7, changed.GetProperty("available").GetInt64());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task An_order_that_cannot_have_everything_holds_nothing_and_learns_what_is_missing()
    {
        var (many, few) = (await scene.StockedAsync(10), await scene.StockedAsync(2));
        var order = Guid.CreateVersion7();

        await scene.OrderedAsync(order, (many, 1), (few, 3));

        var told = await scene.ToldAsync(EventTypes.InventoryReservationFailed, order.ToString());
        Assert.Equal("out_of_stock", told.GetProperty("reason").GetString());
        var line = Assert.Single(told.GetProperty("lines").EnumerateArray().ToList());
        Assert.Equal((few, 3, 2L), (line.GetProperty("sku").GetString(), line.GetProperty("requested").GetInt32(), line.GetProperty("available").GetInt64()));
        Assert.Equal((10, 0), await scene.SumsAsync(many));
    }

    [Fact]
    public async Task An_event_that_comes_twice_counts_once_and_a_question_asked_again_is_answered_again()
    {
        var sku = await scene.StockedAsync(10);
        var order = Guid.CreateVersion7();
        var created = new OrderCreated(order, "R-1", null, [new OrderLine(sku, Guid.Empty, Guid.Empty, "Thing", 1, 4)], 4, "EUR");

        await scene.TellAsync("orders", EventTypes.OrderCreated, ContractsJson.Default.OrderCreated, created, id: "same");
        await scene.TellAsync("orders", EventTypes.OrderCreated, ContractsJson.Default.OrderCreated, created, id: "same");
        await scene.OrderedAsync(order, (sku, 4));

        await scene.ToldAsync(EventTypes.InventoryReserved, order.ToString(), skip: 1);
        Assert.Equal((10, 4), await scene.SumsAsync(sku));
        Assert.Equal(2, scene.Told(EventTypes.InventoryReserved, order.ToString()).Count);
    }

    [Fact]
    public async Task An_order_cancelled_before_it_is_known_is_never_reserved()
    {
        var sku = await scene.StockedAsync(10);
        var order = Guid.CreateVersion7();

        await scene.CancelledAsync(order);
        await scene.OrderedAsync(order, (sku, 4));
        await scene.ConfirmedAsync(order);

        Assert.Equal("released", await scene.StatusAsync(order));
        Assert.Equal((10, 0), await scene.SumsAsync(sku));
        await scene.ToldAsync(EventTypes.InventoryReleased, order.ToString());
        Assert.Empty(scene.Told(EventTypes.InventoryReserved, order.ToString()));
    }

    [Fact]
    public async Task An_order_confirmed_before_it_is_known_is_sold_when_it_is()
    {
        var sku = await scene.StockedAsync(10);
        var order = Guid.CreateVersion7();

        await scene.ConfirmedAsync(order);
        await scene.OrderedAsync(order, (sku, 4));

        await scene.ToldAsync(EventTypes.InventoryCommitted, order.ToString());
        Assert.Equal((6, 0), await scene.SumsAsync(sku));
    }

    [Fact]
    public async Task A_confirmed_order_is_sold_once_and_a_cancelled_sale_goes_back_on_its_shelf_once()
    {
        var sku = await scene.StockedAsync(10);
        var order = Guid.CreateVersion7();
        await scene.OrderedAsync(order, (sku, 4));

        await scene.ConfirmedAsync(order);
        await scene.ConfirmedAsync(order);
        Assert.Equal((6, 0), await scene.SumsAsync(sku));
        await scene.CancelledAsync(order);
        await scene.CancelledAsync(order);
        await scene.ConfirmedAsync(order);

        Assert.Equal((10, 0), await scene.SumsAsync(sku));
        Assert.Equal("cancelled", (await scene.ToldAsync(EventTypes.InventoryReleased, order.ToString())).GetProperty("reason").GetString());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_return_is_restocked_once_and_never_more_than_was_sold()
    {
        var sku = await scene.StockedAsync(10);
        var (order, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await scene.OrderedAsync(order, (sku, 4));
        await scene.ConfirmedAsync(order);

        await scene.ReturnedAsync(order, id, sku, 1);
        await scene.ReturnedAsync(order, id, sku, 1);
        Assert.Equal((7, 0), await scene.SumsAsync(sku));
        await scene.ReturnedAsync(order, Guid.CreateVersion7(), sku, 99);
        Assert.Equal((10, 0), await scene.SumsAsync(sku));
        await scene.CancelledAsync(order);

        Assert.Equal((10, 0), await scene.SumsAsync(sku));
        var told = await scene.ToldAsync(EventTypes.InventoryReleased, order.ToString());
        Assert.Equal(("returned", id), (told.GetProperty("reason").GetString(), told.GetProperty("returnId").GetGuid()));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_return_heard_of_before_the_sale_waits_for_it()
    {
        var sku = await scene.StockedAsync(10);
        var order = Guid.CreateVersion7();

        await scene.ReturnedAsync(order, Guid.CreateVersion7(), sku, 1);
        await scene.OrderedAsync(order, (sku, 4));
        Assert.Equal((10, 4), await scene.SumsAsync(sku));
        await scene.ConfirmedAsync(order);

        Assert.Equal((7, 0), await scene.SumsAsync(sku));
    }

    [Fact]
    public async Task What_is_not_paid_in_time_is_free_again_and_taken_anew_when_it_is_paid_late()
    {
        var sku = await scene.StockedAsync(10);
        var order = Guid.CreateVersion7();
        await scene.OrderedAsync(order, (sku, 4));
        await ExpireAsync(order);
        Assert.Equal((10, 0), await scene.SumsAsync(sku));
        Assert.Equal("expired", (await scene.ToldAsync(EventTypes.InventoryReleased, order.ToString())).GetProperty("reason").GetString());

        await scene.ConfirmedAsync(order);

        Assert.Equal((6, 0), await scene.SumsAsync(sku));
        await scene.ToldAsync(EventTypes.InventoryCommitted, order.ToString());
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task What_is_paid_too_late_and_gone_meanwhile_is_refused()
    {
        var sku = await scene.StockedAsync(4);
        var (late, quick) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await scene.OrderedAsync(late, (sku, 4));
        await ExpireAsync(late);
        await scene.OrderedAsync(quick, (sku, 1));

        await scene.ConfirmedAsync(late);

        Assert.Equal("expired", (await scene.ToldAsync(EventTypes.InventoryReservationFailed, late.ToString())).GetProperty("reason").GetString());
        Assert.Equal((4, 1), await scene.SumsAsync(sku));
    }

    [Fact]
    public async Task The_service_expires_reservations_by_itself_while_it_is_awake()
    {
        await using var quick = await scene.StartAsync(("EXPIRY_SECONDS", "1"), ("RESERVATION_SECONDS", "1"));
        var sku = await scene.StockedAsync(4);
        var order = Guid.CreateVersion7();

        await scene.TellAsync(
            "orders", EventTypes.OrderCreated, ContractsJson.Default.OrderCreated,
            new OrderCreated(order, "R-1", null, [new OrderLine(sku, Guid.Empty, Guid.Empty, "Thing", 1, 4)], 4, "EUR"), client: quick.Client);

        Assert.Equal("expired", (await scene.ToldAsync(EventTypes.InventoryReleased, order.ToString())).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Over_http_the_same_is_for_services_and_admins()
    {
        var sku = await scene.StockedAsync(10);
        var order = Guid.CreateVersion7();
        var body = $$"""{"orderId":"{{order}}","items":[{"productId":"{{sku}}","quantity":2}]}""";

        (await StockScene.SendAsync(scene.Client("customer"), "POST", "/api/v1/inventory/reserve", body)).Problem(403);
        var held = StockScene.Expect(await StockScene.SendAsync(scene.Admin, "POST", "/api/v1/inventory/reserve", body), 201);
        Assert.Equal(held.GetProperty("reservationId").GetGuid(), StockScene.Expect(await StockScene.SendAsync(scene.Admin, "POST", "/api/inventory/reserve", body), 201).GetProperty("reservationId").GetGuid());
        var line = held.GetProperty("reservations")[0];
        Assert.Equal(("held", sku, 2), (line.GetProperty("status").GetString(), line.GetProperty("productId").GetString(), line.GetProperty("quantity").GetInt32()));
        var sold = StockScene.Expect(await StockScene.SendAsync(scene.Admin, "POST", "/api/v1/inventory/confirm", $$"""{"orderId":"{{order}}"}"""), 200);
        Assert.Equal("confirmed", sold.GetProperty("status").GetString());
        StockScene.Expect(await StockScene.SendAsync(scene.Admin, "POST", "/api/v1/inventory/release", $$"""{"orderId":"{{order}}","reason":"test"}"""), 200);
        var problem = (await StockScene.SendAsync(
            scene.Admin, "POST", "/api/v1/inventory/reserve", $$"""{"orderId":"{{Guid.CreateVersion7()}}","items":[{"sku":"{{sku}}","quantity":11}]}""")).Problem(409, "outOfStock");
        Assert.Equal(10, problem.GetProperty("args").GetProperty("lines")[0].GetProperty("available").GetInt32());
        (await StockScene.SendAsync(scene.Admin, "POST", "/api/v1/inventory/reserve", body)).Problem(409, "reservationOver");
    }

    private async Task ExpireAsync(Guid order)
    {
        await scene.Database.ExecuteAsync($"update reservations set expires_at = now() - interval '1 second' where order_id = '{order}'");
        await scene.Service.Services.GetRequiredService<Expiry>().RunAsync(CancellationToken.None);
        Assert.Equal("expired", await scene.StatusAsync(order));
    }
}
