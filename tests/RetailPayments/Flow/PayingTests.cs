using Retail.Contracts;
using Slipway.RetailPayments.Tests.Scenes;

namespace Slipway.RetailPayments.Tests.Flow;

/// <summary>From the order's wish to the bank and back.</summary>
[Collection(SharedShop.Name)]
public sealed class PayingTests(ShopScene shop)
{
    [Fact]
    public async Task An_order_is_authorised_then_captured_and_the_books_say_so()
    {
        var (order, user) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await shop.RequestAsync(order, "tok_success", 4990, user);
        var authorized = await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);
        Assert.Equal("requires_capture 0 0", await shop.BankAsync(order));
        await shop.ConfirmAsync(order);
        var completed = await shop.Bus.UntilAsync(order, EventTypes.PaymentCompleted);

        Assert.Equal(("visa", "4242", 4990), (authorized.GetProperty("cardBrand").GetString(), authorized.GetProperty("last4").GetString(), authorized.GetProperty("amountMinor").GetInt64()));
        Assert.Equal(4990, completed.GetProperty("amountMinor").GetInt64());
        Assert.Equal("succeeded 4990 0", await shop.BankAsync(order));
        Assert.Equal("completed", await shop.StatusAsync(order));
        Assert.Equal(["authorized", "completed"], shop.Bus.TypesOf(order));
        Assert.All(shop.Bus.Of(order), told => Assert.Equal(Topics.Payments, told.Topic));
        Assert.Equal(
            "customer_receivable 0, provider_clearing 4990, revenue -4990",
            await shop.Database.TextAsync(
                $"""
                select string_agg(account || ' ' || sum, ', ' order by account) from (
                    select account, sum(l.amount)::bigint as sum from ledger_entries l join payments p on p.id = l.payment_id where p.order_id = '{order}' group by account) s
                """));
    }

    [Theory]
    [InlineData("tok_declined", "card_declined")]
    [InlineData("tok_insufficient_funds", "insufficient_funds")]
    [InlineData("tok_nobody_knows", "resource_missing")]
    [InlineData("ptk_expiredLongAgo", "tokenUnusable")]
    public async Task A_card_that_cannot_pay_fails_with_a_code(string token, string code)
    {
        var order = Guid.CreateVersion7();

        await shop.RequestAsync(order, token);
        var failed = await shop.Bus.UntilAsync(order, EventTypes.PaymentFailed);

        Assert.Equal(("authorize", code), (failed.GetProperty("stage").GetString(), failed.GetProperty("code").GetString()));
        Assert.Equal("failed", await shop.StatusAsync(order));
    }

    [Theory]
    [InlineData("approve", EventTypes.PaymentAuthorized, "authorized")]
    [InlineData("decline", EventTypes.PaymentFailed, "failed")]
    public async Task A_challenge_is_decided_on_the_banks_page(string decision, string told, string status)
    {
        var order = Guid.CreateVersion7();
        await shop.RequestAsync(order, "tok_challenge");
        var url = (await shop.Bus.UntilAsync(order, EventTypes.PaymentActionRequired)).GetProperty("url").GetString()!;
        Assert.Equal("action_required", await shop.StatusAsync(order));

        var path = new Uri(url).AbsolutePath;
        var page = await shop.Bank.Client.GetStringAsync(path);
        using var form = new FormUrlEncodedContent([new("decision", decision)]);
        using var answer = await shop.Bank.Client.PostAsync(path, form);

        Assert.Contains("<html lang=\"en\">", page, StringComparison.Ordinal);
        Assert.Contains("EUR 49.90", page, StringComparison.Ordinal);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains("role=\"status\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await shop.Bus.UntilAsync(order, told);
        Assert.Equal(status, await shop.StatusAsync(order));
    }

    [Fact]
    public async Task The_banks_page_speaks_german_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/challenge/nothing-here");
        request.Headers.TryAddWithoutValidation("Accept-Language", "de-DE,de;q=0.9");
        using var answer = await shop.Bank.Client.SendAsync(request);

        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Contains("<html lang=\"de\">", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bank_that_answers_too_late_is_looked_up_and_the_payment_is_made_once()
    {
        var order = Guid.CreateVersion7();

        await shop.RequestAsync(order, "tok_timeout");
        await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);

        Assert.Equal("requires_capture 0 0", await shop.BankAsync(order));
        Assert.DoesNotContain("failed", shop.Bus.TypesOf(order));
    }

    [Fact]
    public async Task Messages_that_come_twice_count_once()
    {
        var order = Guid.CreateVersion7();

        await shop.RequestAsync(order, "tok_duplicate");
        await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);
        await shop.ConfirmAsync(order);
        await shop.Bus.UntilAsync(order, EventTypes.PaymentCompleted);
        await Eventually.TrueAsync(() => shop.Webhooks.Kept.Count(kept => kept.Body.Contains(order.ToString(), StringComparison.Ordinal)) >= 4, "every message twice");
        await NothingOpenAsync();

        Assert.Equal(["authorized", "completed"], shop.Bus.TypesOf(order));
        Assert.Equal("4", await shop.Database.TextAsync($"select count(*) from ledger_entries l join payments p on p.id = l.payment_id where p.order_id = '{order}'"));
    }

    [Fact]
    public async Task A_bank_that_decides_later_sends_word()
    {
        var order = Guid.CreateVersion7();

        await shop.RequestAsync(order, "tok_webhook_later");
        await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);

        Assert.Equal("authorized", await shop.StatusAsync(order));
    }

    [Fact]
    public async Task A_request_that_comes_again_is_the_same_payment()
    {
        var (order, eventId) = (Guid.CreateVersion7(), Guid.CreateVersion7().ToString());
        await shop.RequestAsync(order, "tok_success", eventId: eventId);
        await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);

        // The same event changes nothing; a new one that asks the same gets the same answer.
        await shop.RequestAsync(order, "tok_success", eventId: eventId);
        await shop.RequestAsync(order, "tok_success");
        await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized, count: 2);

        Assert.Equal(["authorized", "authorized"], shop.Bus.TypesOf(order));
        Assert.Equal("requires_capture 0 0", await shop.BankAsync(order));
    }

    [Fact]
    public async Task Only_euros_are_taken()
    {
        var order = Guid.CreateVersion7();
        await shop.TellAsync(EventTypes.OrderPaymentRequested, order, new OrderPaymentRequested(order, null, 100, "USD", "tok_success"), ContractsJson.Default.OrderPaymentRequested);

        Assert.Equal("currencyNotSupported", (await shop.Bus.UntilAsync(order, EventTypes.PaymentFailed)).GetProperty("code").GetString());
    }

    private Task NothingOpenAsync() =>
        Eventually.TrueAsync(async () => await shop.Database.TextAsync("select count(*) from operations where state = 'open'") == "0", "no open operations");
}
