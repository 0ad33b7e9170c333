using System.Text.Json;
using Slipway.RetailOrders.Tests.Scenes;

namespace Slipway.RetailOrders.Tests.Orders;

/// <summary>The way of an order through the services, with the others' events coming in over HTTP.</summary>
public sealed class PurchaseTests(OrdersScene scene) : IClassFixture<OrdersScene>
{
    private const long Minor = 2_489;

    [Fact]
    public async Task A_purchase_goes_from_reserved_over_paid_to_confirmed()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();

        await scene.ReservedAsync(order);
        Assert.Equal("reserved", await buyer.StatusAsync(order));
        var asked = await scene.ToldAsync(order, "order.payment_requested");
        Assert.Equal(("tok_success", Minor), (asked.GetProperty("paymentToken").GetString(), asked.GetProperty("amountMinor").GetInt64()));

        await scene.AuthorizedAsync(order);
        Assert.Equal("paid", await buyer.StatusAsync(order));
        await scene.ToldAsync(order, "order.confirmed");

        await scene.CapturedAsync(order, Minor);
        Assert.Equal("paid", await buyer.StatusAsync(order));
        await scene.CommittedAsync(order);
        var read = await buyer.ReadAsync(order);
        Assert.Equal(("confirmed", "confirmed", 24.89m), (read.GetProperty("status").GetString(), read.GetProperty("sagaState").GetString(), read.GetProperty("captured").GetDecimal()));
        Assert.Equal("confirmed", (await scene.ToldAsync(order, "order.updated")).GetProperty("status").GetString());
        Assert.Equal("", await scene.Database.TextAsync($"select payment_token from sagas where order_id = '{order}'"));
    }

    [Fact]
    public async Task A_declined_payment_cancels_the_order_and_the_saga_shows_what_was_undone()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();
        await scene.ReservedAsync(order);
        await scene.HearAsync("payments", "payment.failed", order, $$"""{"orderId":"{{order}}","paymentId":"{{order}}","stage":"authorize","code":"card_declined","message":"no"}""");

        Assert.Equal("paymentDeclined", (await scene.ToldAsync(order, "order.cancelled")).GetProperty("reason").GetString());
        var steps = await StepsAsync(buyer, order);
        Assert.Equal(("compensating", "failed"), (steps["reserve"], steps["pay"]));
        await scene.ReleasedAsync(order);
        steps = await StepsAsync(buyer, order);
        Assert.Equal(("compensated", "failed"), (steps["reserve"], steps["pay"]));
        var read = await buyer.ReadAsync(order);
        Assert.Equal(("cancelled", "paymentDeclined"), (read.GetProperty("status").GetString(), read.GetProperty("cancelReason").GetString()));
    }

    [Fact]
    public async Task No_stock_cancels_the_order_without_asking_for_money()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();
        await scene.HearAsync(
            "inventory", "inventory.reservation_failed", order, $$"""{"orderId":"{{order}}","reason":"out_of_stock","lines":[{"sku":"LAMP-1","requested":1,"available":0}]}""");

        Assert.Equal("outOfStock", (await scene.ToldAsync(order, "order.cancelled")).GetProperty("reason").GetString());
        var read = await buyer.ReadAsync(order);
        Assert.Equal(("cancelled", "cancelled"), (read.GetProperty("status").GetString(), read.GetProperty("sagaState").GetString()));
        Assert.Empty(scene.Told(order, "order.payment_requested"));
    }

    [Fact]
    public async Task A_challenge_shows_the_buyer_where_to_go_and_goes_on_when_it_is_met()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();
        await scene.ReservedAsync(order);
        await scene.HearAsync("payments", "payment.action_required", order, $$"""{"orderId":"{{order}}","paymentId":"{{order}}","url":"https://bank.example/c/1"}""");

        var read = await buyer.ReadAsync(order);
        Assert.Equal(("actionRequired", "https://bank.example/c/1"), (read.GetProperty("sagaState").GetString(), read.GetProperty("actionUrl").GetString()));
        await scene.AuthorizedAsync(order);
        read = await buyer.ReadAsync(order);
        Assert.Equal("paid", read.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, read.GetProperty("actionUrl").ValueKind);
    }

    [Fact]
    public async Task An_event_that_comes_twice_has_its_effect_once()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();
        var body = $$"""{"orderId":"{{order}}","reservationId":"{{order}}","lines":[],"expiresAt":"2099-01-01T00:00:00Z"}""";
        for (var time = 0; time < 3; time++)
        {
            await scene.HearAsync("inventory", "inventory.reserved", order, body, id: "same-" + order);
        }

        await scene.ToldAsync(order, "order.payment_requested");
        Assert.Equal("3", await scene.Database.TextAsync($"select max(version) from order_stream where order_id = '{order}'"));
        Assert.Single(scene.Told(order, "order.payment_requested"));
    }

    [Fact]
    public async Task Answers_that_arrive_at_once_leave_a_stream_without_gaps()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();
        await scene.ReservedAsync(order);
        await scene.AuthorizedAsync(order);
        await Task.WhenAll([.. Enumerable.Range(0, 6).SelectMany(_ => new[] { scene.CapturedAsync(order, Minor), scene.CommittedAsync(order) })]);

        Assert.Equal("confirmed", await buyer.StatusAsync(order));
        Assert.Equal("t", (await scene.Database.TextAsync(
            $"select count(*) = max(version) and count(*) filter (where kind = 'MoneyTaken') = 1 from order_stream where order_id = '{order}'"))[..1].ToLowerInvariant());
    }

    [Fact]
    public async Task Cancelling_a_confirmed_order_gives_stock_and_money_back()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();
        await scene.ConfirmAsync(order, Minor);
        Assert.Equal("compensating", Buyer.Expect(await buyer.PostAsync($"/api/v1/orders/{order}/cancel"), 200).GetProperty("sagaState").GetString());

        await scene.ToldAsync(order, "order.cancelled");
        await scene.ReleasedAsync(order);
        Assert.Equal("compensating", (await buyer.ReadAsync(order)).GetProperty("sagaState").GetString());
        await scene.RefundedAsync(order, Minor, Minor);
        var read = await buyer.ReadAsync(order);
        Assert.Equal(("cancelled", "cancelled", 24.89m), (read.GetProperty("status").GetString(), read.GetProperty("sagaState").GetString(), read.GetProperty("refunded").GetDecimal()));
        Buyer.Expect(await buyer.PostAsync($"/api/v1/orders/{order}/cancel"), 200);
    }

    [Fact]
    public async Task A_service_that_stops_in_the_middle_goes_on_where_it_was()
    {
        Guid order;
        await using (var first = await (await scene.StartAsync()).UntilReadyAsync())
        {
            order = await scene.Buyer(first).OrderIdAsync();
            await scene.HearAsync("inventory", "inventory.reserved", order, $$"""{"orderId":"{{order}}","reservationId":"{{order}}","lines":[],"expiresAt":"2099-01-01T00:00:00Z"}""", service: first);
        }

        await using var second = await (await scene.StartAsync()).UntilReadyAsync();
        await scene.ToldAsync(order, "order.payment_requested");
        await scene.AuthorizedAsync(order);
        await scene.CapturedAsync(order, Minor);
        await scene.CommittedAsync(order);
        Assert.Equal("confirmed", await scene.Database.TextAsync($"select status from orders where id = '{order}'"));
    }

    private static async Task<Dictionary<string, string>> StepsAsync(Buyer buyer, Guid order) =>
        Buyer.Expect(await buyer.GetAsync($"/api/v1/orders/{order}/saga"), 200).GetProperty("steps").EnumerateArray()
            .ToDictionary(step => step.GetProperty("name").GetString()!, step => step.GetProperty("state").GetString()!);
}
