using System.Globalization;
using System.Text.Json;
using Slipway.RetailOrders.Tests.Scenes;

namespace Slipway.RetailOrders.Tests.Orders;

/// <summary>What happens to an order once it is confirmed, and what can be read of it.</summary>
public sealed class AfterwardsTests(OrdersScene scene) : IClassFixture<OrdersScene>
{
    private const long Minor = 4_488;

    private async Task<(Buyer Buyer, Guid Order)> ConfirmedAsync()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync(2);
        await scene.ConfirmAsync(order, Minor);
        return (buyer, order);
    }

    private static Task<Slipway.Sdk.Hosting.Conformance.Answer> ReturnAsync(Buyer buyer, Guid order, int quantity, string? key = null) => buyer.PostAsync(
        $"/api/v1/orders/{order}/returns", $$"""{"lines":[{"sku":"LAMP-1","quantity":{{quantity}}}],"reason":"damaged"}""", ("Idempotency-Key", key ?? Guid.NewGuid().ToString()));

    [Fact]
    public async Task Returned_pieces_are_refunded_and_shipping_with_the_last_one()
    {
        var (buyer, order) = await ConfirmedAsync();
        var first = Buyer.Expect(await ReturnAsync(buyer, order, 1), 201);
        Assert.Equal(19.99m, first.GetProperty("amount").GetDecimal());
        var told = await scene.ToldAsync(order, "order.return_requested");
        Assert.Equal((1_999, false), (told.GetProperty("amountMinor").GetInt64(), told.GetProperty("restock").GetBoolean()));
        (await ReturnAsync(buyer, order, 2)).Problem(422);

        await scene.RefundedAsync(order, 1_999, 1_999, first.GetProperty("id").GetGuid());
        var read = await buyer.ReadAsync(order);
        Assert.Equal(("confirmed", 19.99m, "refunded"), (read.GetProperty("status").GetString(), read.GetProperty("refunded").GetDecimal(), read.GetProperty("returns")[0].GetProperty("status").GetString()));

        var rest = Buyer.Expect(await ReturnAsync(buyer, order, 1), 201);
        Assert.Equal(24.89m, rest.GetProperty("amount").GetDecimal());
        await scene.RefundedAsync(order, 2_489, Minor, rest.GetProperty("id").GetGuid());
        Assert.Equal("refunded", await buyer.StatusAsync(order));
    }

    [Fact]
    public async Task A_return_sent_again_is_one_return()
    {
        var (buyer, order) = await ConfirmedAsync();
        var key = Guid.NewGuid().ToString();
        Assert.Equal((await ReturnAsync(buyer, order, 1, key)).Body, (await ReturnAsync(buyer, order, 1, key)).Body);
        Assert.Equal(1, (await buyer.ReadAsync(order)).GetProperty("items")[0].GetProperty("returned").GetInt32());
    }

    [Fact]
    public async Task Nothing_is_returned_before_it_was_bought()
    {
        var buyer = scene.Buyer();
        (await ReturnAsync(buyer, await buyer.OrderIdAsync(), 1)).Problem(409, "notReturnable");
    }

    [Fact]
    public async Task An_admin_moves_an_order_to_its_door_and_then_it_cannot_be_cancelled()
    {
        var (buyer, order) = await ConfirmedAsync();
        var admin = scene.Buyer(roles: "admin");
        (await admin.SendAsync("PUT", $"/api/v1/orders/{order}/status", """{"status":"delivered"}""")).Problem(409, "wrongStatus");
        foreach (var status in (string[])["processing", "shipped", "delivered"])
        {
            Assert.Equal(status, Buyer.Expect(await admin.SendAsync("PUT", $"/api/v1/orders/{order}/status", $$"""{"status":"{{status}}"}"""), 200).GetProperty("status").GetString());
        }

        Assert.Equal("delivered", (await scene.ToldAsync(order, "order.updated", 4)).GetProperty("status").GetString());
        (await buyer.PostAsync($"/api/v1/orders/{order}/cancel")).Problem(409, "tooLateToCancel");
        (await admin.SendAsync("PUT", $"/api/v1/orders/{order}/status", """{"status":"lost"}""")).Problem(422);
    }

    [Fact]
    public async Task An_order_can_be_read_as_it_was_at_any_moment()
    {
        var (buyer, order) = await ConfirmedAsync();
        var events = Buyer.Expect(await buyer.GetAsync($"/api/v1/orders/{order}/events"), 200).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal("placed,stockHeld,paymentAsked,paymentHeld,moneyTaken,stockSold,completed", string.Join(',', events.Select(item => item.GetProperty("kind").GetString())));

        var placedAt = await scene.Database.TextAsync($"select to_char(at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from order_stream where order_id = '{order}' and version = 1");
        Assert.Equal("pending", (await buyer.ReadAsync(order, "?at=" + placedAt)).GetProperty("status").GetString());
        Assert.Equal("confirmed", (await buyer.ReadAsync(order, "?at=2099-01-01T00:00:00Z")).GetProperty("status").GetString());
        (await buyer.GetAsync($"/api/v1/orders/{order}?at=2020-01-01T00:00:00Z")).Problem(404);
    }

    [Fact]
    public async Task A_stream_follows_the_order_and_goes_on_where_it_was_left()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync(2);
        await using (var live = await LiveEvents.OpenAsync(buyer, order))
        {
            Assert.Equal(("1", "placed"), await live.NextAsync());
            await scene.ReservedAsync(order);
            Assert.Equal(("2", "stockHeld"), await live.NextAsync());
        }

        await scene.AuthorizedAsync(order);
        await using var again = await LiveEvents.OpenAsync(buyer, order, lastId: "3");
        Assert.Equal(("4", "paymentHeld"), await again.NextAsync());
    }

    [Fact]
    public async Task A_snapshot_and_the_whole_stream_give_the_same_order()
    {
        var (buyer, order) = await ConfirmedAsync();
        for (var more = 0; more < 12; more++)
        {
            await scene.RefundedAsync(order, 1, more + 1);
        }

        var quick = await buyer.ReadAsync(order);
        Assert.Equal("1", await scene.Database.TextAsync($"select count(*) from order_snapshots where order_id = '{order}'"));
        await scene.Database.ExecuteAsync($"delete from order_snapshots where order_id = '{order}'");
        Assert.Equal(quick.GetRawText(), (await buyer.ReadAsync(order)).GetRawText());
    }

    [Fact]
    public async Task A_rebuild_finds_no_difference_repairs_one_that_was_made_and_keeps_the_indexes()
    {
        var (buyer, order) = await ConfirmedAsync();
        var admin = scene.Buyer(roles: "admin");

        // Another test may have moved an order into the past, in the projection alone.
        Buyer.Expect(await admin.PostAsync("/api/v1/orders/projections/rebuild"), 200);
        Assert.Equal(0, Buyer.Expect(await admin.PostAsync("/api/v1/orders/projections/rebuild"), 200).GetProperty("differences").GetInt64());

        await scene.Database.ExecuteAsync($"update orders set status = 'shipped' where id = '{order}'");
        Assert.Equal(2, Buyer.Expect(await admin.PostAsync("/api/v1/orders/projections/rebuild"), 200).GetProperty("differences").GetInt64());
        Assert.Equal("confirmed", await scene.Database.TextAsync($"select status from orders where id = '{order}'"));
        Assert.Equal("3", await scene.Database.TextAsync("select count(*) from pg_indexes where tablename = 'orders' and indexname in ('idx_orders_user', 'idx_orders_status', 'idx_orders_date')"));
        Assert.Single(Buyer.Expect(await buyer.GetAsync("/api/v1/orders"), 200).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task The_summary_and_the_nightly_report_count_what_happened()
    {
        var (_, order) = await ConfirmedAsync();
        var admin = scene.Buyer(roles: "admin");
        var summary = Buyer.Expect(await admin.GetAsync("/api/v1/orders/summary"), 200);
        Assert.True(summary.GetProperty("revenue").GetDecimal() >= 44.88m);
        Assert.Contains(summary.GetProperty("bestSellers").EnumerateArray(), best => best.GetProperty("sku").GetString() == "LAMP-1");

        // An order of a week ago, as the report will find it.
        await scene.Database.ExecuteAsync($"update orders set created_at = date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - interval '7 days' + interval '1 hour' where id = '{order}'");
        var reports = (Retail.Orders.Reports.DailyReports)scene.Service.Services.GetService(typeof(Retail.Orders.Reports.DailyReports))!;
        Assert.Equal(31, await reports.MakeAsync(CancellationToken.None));
        Assert.Equal(31, await reports.MakeAsync(CancellationToken.None));
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-7).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var report = Assert.Single(Buyer.Expect(await admin.GetAsync($"/api/v1/orders/reports?from={day}&to={day}"), 200).GetProperty("items").EnumerateArray());
        Assert.Equal((1, 1, 44.88m, 100m), (report.GetProperty("placed").GetInt64(), report.GetProperty("confirmed").GetInt64(), report.GetProperty("revenue").GetDecimal(), report.GetProperty("conversionPercent").GetDecimal()));
    }

    [Fact]
    public async Task The_business_is_measured()
    {
        await ConfirmedAsync();
        var metrics = (await scene.Guest().GetAsync("/metrics")).Body;
        foreach (var name in (string[])["orders_created_total", "orders_revenue_cents_total", "orders_saga_duration", "orders_sagas_ended_total"])
        {
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        }
    }
}
