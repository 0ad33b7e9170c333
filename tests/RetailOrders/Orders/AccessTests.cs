using Slipway.RetailOrders.Tests.Scenes;

namespace Slipway.RetailOrders.Tests.Orders;

/// <summary>Who sees which order, and what of it.</summary>
public sealed class AccessTests(OrdersScene scene) : IClassFixture<OrdersScene>
{
    private static readonly string[] s_reads = ["", "/events", "/saga", "?at=2099-01-01T00:00:00Z"];

    [Fact]
    public async Task Somebody_elses_order_does_not_exist()
    {
        var order = await scene.Buyer().OrderIdAsync();
        var other = scene.Buyer();
        foreach (var read in s_reads)
        {
            (await other.GetAsync($"/api/v1/orders/{order}{read}")).Problem(404, "notFound");
            (await scene.Guest().GetAsync($"/api/v1/orders/{order}{read}", ("X-Guest-Token", "guess"))).Problem(404, "notFound");
            (await scene.Buyer(roles: "vendor").GetAsync($"/api/v1/orders/{order}{read}")).Problem(404, "notFound");
            Buyer.Expect(await scene.Buyer(roles: "admin").GetAsync($"/api/v1/orders/{order}{read}"), 200);
        }

        (await other.PostAsync($"/api/v1/orders/{order}/cancel")).Problem(404, "notFound");
        (await other.PostAsync($"/api/v1/orders/{order}/returns", """{"lines":[{"sku":"LAMP-1","quantity":1}]}""", ("Idempotency-Key", Guid.NewGuid().ToString()))).Problem(404, "notFound");
    }

    [Fact]
    public async Task A_guests_token_opens_that_one_order()
    {
        var guest = scene.Guest();
        var made = await guest.OrderedAsync();
        var (order, token) = (made.GetProperty("id").GetGuid(), made.GetProperty("guestToken").GetString()!);
        var other = await guest.OrderIdAsync();

        foreach (var read in s_reads)
        {
            Buyer.Expect(await guest.GetAsync($"/api/v1/orders/{order}{read}", ("X-Guest-Token", token)), 200);
            (await guest.GetAsync($"/api/v1/orders/{other}{read}", ("X-Guest-Token", token))).Problem(404);
        }

        Assert.Equal("0", await scene.Database.TextAsync($"select count(*) from order_guests where encode(token_hash, 'escape') = '{token}'"));
        Assert.Equal("cancelled", Buyer.Expect(await guest.PostAsync($"/api/v1/orders/{order}/cancel", null, ("X-Guest-Token", token)), 200).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Only_admins_move_orders_sum_them_up_and_rebuild()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();
        (await buyer.SendAsync("PUT", $"/api/v1/orders/{order}/status", """{"status":"processing"}""")).Problem(403);
        (await buyer.GetAsync("/api/v1/orders/summary")).Problem(403);
        (await buyer.GetAsync("/api/v1/orders/reports")).Problem(403);
        (await buyer.PostAsync("/api/v1/orders/projections/rebuild")).Problem(403);
        (await buyer.GetAsync("/api/v1/orders/vendor-lines")).Problem(403);
        (await scene.Guest().GetAsync("/api/v1/orders")).Problem(401);
    }

    [Fact]
    public async Task A_vendor_sees_the_lines_of_own_products_and_nothing_of_the_buyer()
    {
        var order = await scene.Buyer().OrderIdAsync(3);
        var vendor = scene.Buyer(scene.Service, scene.Vendor, "vendor");

        var answer = await vendor.GetAsync("/api/v1/orders/vendor-lines?limit=200");
        var line = Assert.Single(Buyer.Expect(answer, 200).GetProperty("items").EnumerateArray(), item => item.GetProperty("orderId").GetGuid() == order);
        Assert.Equal((3, 59.97m), (line.GetProperty("quantity").GetInt32(), line.GetProperty("amount").GetDecimal()));
        Assert.DoesNotContain("Ann", answer.Body, StringComparison.Ordinal);
        Assert.Empty(Buyer.Expect(await scene.Buyer(roles: "vendor").GetAsync("/api/v1/orders/vendor-lines"), 200).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Lists_hold_ones_own_orders_page_by_page_and_an_admin_sees_all()
    {
        var buyer = scene.Buyer();
        var orders = new List<Guid>();
        for (var count = 0; count < 3; count++)
        {
            orders.Add(await buyer.OrderIdAsync());
        }

        var first = Buyer.Expect(await buyer.GetAsync("/api/v1/orders?limit=2"), 200);
        var next = first.GetProperty("page").GetProperty("next").GetString()!;
        var second = Buyer.Expect(await buyer.GetAsync("/api/v1/orders?limit=2&cursor=" + next), 200);
        var ids = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("id").GetGuid());
        Assert.Equal(orders.AsEnumerable().Reverse(), ids);

        var admin = scene.Buyer(roles: "admin");
        Assert.Equal(3, Buyer.Expect(await admin.GetAsync($"/api/v1/orders?userId={buyer.Id}&status=pending"), 200).GetProperty("items").GetArrayLength());
        Assert.Empty(Buyer.Expect(await buyer.GetAsync("/api/v1/orders?status=shipped"), 200).GetProperty("items").EnumerateArray());
        (await buyer.GetAsync("/api/v1/orders?status=nonsense")).Problem(422);
    }

    [Fact]
    public async Task Erasing_a_person_leaves_the_books_and_forgets_the_name()
    {
        var buyer = scene.Buyer();
        var order = await buyer.OrderIdAsync();
        await scene.ConfirmAsync(order, 2_489);
        Buyer.Expect(
            await buyer.PostAsync($"/api/v1/orders/{order}/returns", """{"lines":[{"sku":"LAMP-1","quantity":1}],"reason":"Ann does not like it"}""", ("Idempotency-Key", Guid.NewGuid().ToString())), 201);

        await scene.HearAsync("users", "user.deleted", buyer.Id, $$"""{"userId":"{{buyer.Id}}"}""");

        var read = await scene.Buyer(roles: "admin").ReadAsync(order);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, read.GetProperty("shippingAddress").ValueKind);
        Assert.Equal(24.89m, read.GetProperty("total").GetDecimal());
        foreach (var table in (string[])["order_contacts", "return_notes"])
        {
            Assert.Equal("0", await scene.Database.TextAsync($"select count(*) from {table} where order_id = '{order}'"));
        }

        Assert.Equal("0", await scene.Database.TextAsync(
            $"select (select count(*) from order_stream where order_id = '{order}' and data::text ~ 'Ann|Secret|Berlin|example.test') + (select count(*) from sagas where order_id = '{order}' and state::text ~ 'Ann|Secret')"));
    }
}
