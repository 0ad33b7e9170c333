using Retail.Contracts;
using Slipway.RetailPayments.Tests.Scenes;

namespace Slipway.RetailPayments.Tests.Safety;

/// <summary>The wire breaks: money moves once all the same.</summary>
public sealed class LostAnswerTests(ShopScene shop) : IClassFixture<ShopScene>
{
    [Fact]
    public async Task Answers_that_get_lost_are_no_failures()
    {
        var order = Guid.CreateVersion7();

        // All of one call's own attempts, so that the payment has to be looked up.
        shop.Line.LoseAnswers(3);
        await shop.RequestAsync(order, "tok_success");
        await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);
        shop.Line.LoseAnswers(3);
        await shop.ConfirmAsync(order);
        await shop.Bus.UntilAsync(order, EventTypes.PaymentCompleted);
        shop.Line.LoseAnswers(3);
        await shop.ReturnAsync(order, Guid.CreateVersion7(), 990);
        await shop.Bus.UntilAsync(order, EventTypes.PaymentRefunded);
        shop.Line.LoseAnswers(0);

        Assert.Equal("succeeded 4990 990", await shop.BankAsync(order));
        Assert.Equal(["authorized", "completed", "refunded"], shop.Bus.TypesOf(order));
    }

    [Fact]
    public async Task A_bank_that_cannot_be_reached_is_waited_for()
    {
        var order = Guid.CreateVersion7();
        shop.Line.Cut = true;
        await shop.RequestAsync(order, "tok_success");
        await Eventually.TrueAsync(
            async () => await shop.Database.TextAsync($"select o.attempts > 1 from operations o join payments p on p.id = o.payment_id where p.order_id = '{order}'") == "True", "a second attempt");
        Assert.Equal("pending", await shop.StatusAsync(order));

        shop.Line.Cut = false;
        await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);

        Assert.Equal(["authorized"], shop.Bus.TypesOf(order));
    }

    [Fact]
    public async Task Many_orders_at_once_are_each_paid_once()
    {
        var orders = Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7()).ToList();

        await Task.WhenAll(orders.Select(async order =>
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.RequestAsync(order, "tok_success", 1000)));
            await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);
            await shop.ConfirmAsync(order, 1000);
            await shop.Bus.UntilAsync(order, EventTypes.PaymentCompleted);
        }));

        foreach (var order in orders)
        {
            Assert.Equal("succeeded 1000 0", await shop.BankAsync(order));
        }

        Assert.Equal("0", await shop.Database.TextAsync("select sum(amount) from ledger_entries"));
    }
}
