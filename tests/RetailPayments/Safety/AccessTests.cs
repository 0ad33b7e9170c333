using Slipway.RetailPayments.Tests.Scenes;
using Slipway.Sdk.Auditing;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.RetailPayments.Tests.Safety;

/// <summary>Buyers see their own payments, admins all, money is moved by admins with a second factor, and all of it is written down.</summary>
[Collection(SharedShop.Name)]
public sealed class AccessTests(ShopScene shop)
{
    [Fact]
    public async Task A_buyer_sees_their_own_payment_and_nobody_elses()
    {
        var (mine, other) = (shop.Customer(), shop.Customer());
        var order = await shop.PaidAsync(user: mine.Id);
        var id = await shop.PaymentIdAsync(order);

        var payment = (await mine.GetAsync($"/api/v1/payments/{id}")).Json();
        Assert.Equal(("completed", "visa", "4242", "EUR", "card"), (
            payment.GetProperty("status").GetString(), payment.GetProperty("cardBrand").GetString(), payment.GetProperty("last4").GetString(),
            payment.GetProperty("currency").GetString(), payment.GetProperty("method").GetString()));
        Assert.Equal("49.90", payment.GetProperty("amount").GetRawText());
        Assert.True(payment.TryGetProperty("created_at", out _));
        (await other.GetAsync($"/api/v1/payments/{id}")).Problem(404, "notFound");
        Assert.Equal(200, (await shop.Admin().GetAsync($"/api/v1/payments/{id}")).Status);
        Assert.Single((await mine.GetAsync("/api/v1/payments")).Json().GetProperty("items").EnumerateArray());
        Assert.Empty((await other.GetAsync($"/api/v1/payments?userId={mine.Id}")).Json().GetProperty("items").EnumerateArray());
        var older = await shop.Admin().GetAsync($"/api/payments?orderId={order}&status=completed");
        Assert.Single(older.Json().GetProperty("items").EnumerateArray());
        Assert.StartsWith("@", older.Header("Deprecation"), StringComparison.Ordinal);
        Assert.NotNull(older.Header("Sunset"));
    }

    [Fact]
    public async Task Money_is_moved_by_admins_with_a_second_factor_only()
    {
        var buyer = shop.Customer();
        var id = await shop.PaymentIdAsync(await shop.PaidAsync(user: buyer.Id));
        var vendor = shop.Person(Guid.CreateVersion7(), ["vendor"], ["pwd", "otp"], ShopScene.Read, ShopScene.Write);
        var reader = shop.Person(Guid.CreateVersion7(), ["admin"], ["pwd", "otp"], ShopScene.Read);

        foreach (var action in new[] { "refund", "capture", "void" })
        {
            var path = $"/api/v1/payments/{id}/{action}";
            (await buyer.PostAsync(path, """{"reason":"r"}""")).Problem(403, "forbidden");
            (await vendor.PostAsync(path, """{"reason":"r"}""")).Problem(403, "forbidden");
            (await shop.Admin(secondFactor: false).PostAsync(path, """{"reason":"r"}""")).Problem(403, "secondFactorRequired");
            (await reader.PostAsync(path, """{"reason":"r"}""")).Problem(403, "missingScope");
        }

        (await buyer.PostAsync("/api/v1/payments", $$"""{"orderId":"{{Guid.NewGuid()}}","amount":1,"currency":"EUR","cardToken":"tok_success"}""")).Problem(403, "forbidden");
        foreach (var path in new[] { "/api/v1/payments/ledger/balance", "/api/v1/payments/ledger", "/api/v1/payments/reconciliation", $"/api/v1/payments/{id}/audit" })
        {
            (await buyer.GetAsync(path)).Problem(403, "forbidden");
            using var anonymous = shop.Payments.NewClient();
            Assert.Equal(401, (int)(await anonymous.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task An_admin_refunds_with_a_reason_once_per_key()
    {
        var order = await shop.PaidAsync();
        var (admin, path, key) = (shop.Admin(), $"/api/v1/payments/{await shop.PaymentIdAsync(order)}/refund", Guid.NewGuid().ToString());

        (await admin.PostAsync(path, """{"amount":10}""")).Problem(422, "invalid");
        (await admin.PostAsync(path, """{"amount":50.00,"reason":"too much"}""")).Problem(422, "invalid");
        (await admin.PostAsync(path, """{"amount":0.001,"reason":"too fine"}""")).Problem(422, "invalid");
        (await admin.SendAsync(HttpMethod.Post, path, """{"amount":10,"reason":"no key"}""")).Problem(400, "idempotencyKeyRequired");
        var first = await admin.PostAsync(path, """{"amount":10,"reason":"a scratch"}""", key);
        var again = await admin.PostAsync(path, """{"amount":10,"reason":"a scratch"}""", key);
        await shop.Bus.UntilAsync(order, Retail.Contracts.EventTypes.PaymentRefunded);
        var all = await admin.PostAsync(path, """{"reason":"everything"}""");
        await shop.Bus.UntilAsync(order, Retail.Contracts.EventTypes.PaymentRefunded, count: 2);

        Assert.Equal((202, 202, 202), (first.Status, again.Status, all.Status));
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal("succeeded 4990 4990", await shop.BankAsync(order));
        (await admin.PostAsync(path, """{"reason":"once more"}""")).Problem(409, "nothingToRefund");
    }

    [Fact]
    public async Task Every_look_and_every_change_is_in_the_audit_trail()
    {
        var (buyer, admin) = (shop.Customer(), shop.Admin());
        var order = await shop.PaidAsync(user: buyer.Id);
        var id = await shop.PaymentIdAsync(order);
        await buyer.GetAsync($"/api/v1/payments/{id}");
        await shop.Customer().GetAsync($"/api/v1/payments/{id}");
        await shop.Admin(secondFactor: false).PostAsync($"/api/v1/payments/{id}/refund", """{"reason":"tried"}""");
        await admin.PostAsync($"/api/v1/payments/{id}/refund", """{"amount":1,"reason":"a gift"}""");

        var trail = (await admin.GetAsync($"/api/v1/payments/{id}/audit?limit=200")).Json().GetProperty("items").EnumerateArray().ToList();

        var actions = trail.Select(entry => entry.GetProperty("action").GetString()).ToList();
        foreach (var expected in new[] { "payment.begun", "payment.authorized", "payment.captureAsked", "payment.captured", "payment.read", "payment.refused", "payment.refundAsked" })
        {
            Assert.Contains(expected, actions);
        }

        Assert.Contains(trail, entry => entry.GetProperty("reason").GetString() == "a gift" && entry.GetProperty("actorId").GetString() == admin.Id.ToString());
        Assert.True((await shop.Payments.Services.GetRequiredService<AuditTrail>().VerifyAsync(CancellationToken.None)).Is(out _, out _));
    }

    [Fact]
    public async Task A_payment_by_hand_is_one_per_order()
    {
        var (admin, order) = (shop.Admin(), Guid.CreateVersion7());
        var body = $$"""{"orderId":"{{order}}","amount":12.5,"currency":"EUR","cardToken":"tok_success"}""";

        var created = await admin.PostAsync("/api/v1/payments", body);
        Assert.True(created.Status == 201, created.Body);
        await shop.Bus.UntilAsync(order, Retail.Contracts.EventTypes.PaymentAuthorized);
        (await admin.PostAsync("/api/v1/payments", body)).Problem(409, "paymentExists");
        Assert.Equal(202, (await admin.PostAsync(created.Header("Location")! + "/capture", """{"reason":"by hand"}""")).Status);
        await shop.Bus.UntilAsync(order, Retail.Contracts.EventTypes.PaymentCompleted);

        Assert.Equal("succeeded 1250 0", await shop.BankAsync(order));
        (await admin.PostAsync(created.Header("Location")! + "/void", """{"reason":"too late"}""")).Problem(409, "nothingHeld");
    }

    [Fact]
    public async Task Payments_that_came_to_a_result_are_counted()
    {
        await shop.PaidAsync();

        var metrics = await shop.Payments.Client.GetStringAsync("/metrics");

        Assert.Contains("payments_processed_total{status=\"completed\"}", metrics, StringComparison.Ordinal);
    }
}
