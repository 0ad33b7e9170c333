using Retail.Contracts;
using Slipway.RetailPayments.Tests.Scenes;

namespace Slipway.RetailPayments.Tests.Safety;

/// <summary>The wire breaks, the process dies: money moves once all the same.</summary>
public sealed class LostAnswerTests(ShopScene shop) : IClassFixture<ShopScene>
{
    [Fact]
    public async Task Answers_that_get_lost_are_no_failures()
    {
        var order = Guid.CreateVersion7();

        // More than one call's own retries, so that the payment has to be looked up.
        shop.Line.LoseAnswers(4);
        await shop.RequestAsync(order, "tok_success");
        await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);
        shop.Line.LoseAnswers(4);
        await shop.ConfirmAsync(order);
        await shop.Bus.UntilAsync(order, EventTypes.PaymentCompleted);
        shop.Line.LoseAnswers(4);
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
    public async Task A_process_killed_between_the_bank_and_the_books_is_made_good_by_a_sweep()
    {
        var order = Guid.CreateVersion7();
        var other = await shop.AnotherAsync();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        other.Line.Hold = held;
        try
        {
            await using (var service = await ServiceProcess.StartAsync("Retail.Payments.dll", other.Environment()))
            {
                using var client = new HttpClient { BaseAddress = service.Address };
                var asked = other.Line.Asked;
                var told = await Deliver.EventAsync(
                    client, EventTypes.OrderPaymentRequested, order, $$"""{"orderId":"{{order}}","amountMinor":4990,"currency":"EUR","paymentToken":"tok_success"}""", Guid.CreateVersion7().ToString());
                Assert.Equal(204, told.Status);
                await Eventually.TrueAsync(() => other.Line.Asked > asked, "the bank to have done it");
                await service.KillAsync();
            }

            Assert.Equal("pending", await other.Database.TextAsync($"select status from payments where order_id = '{order}'"));
            Assert.Equal("requires_capture 0 0", await other.BankAsync(order));
            other.Line.Hold = null;
            held.SetResult();

            // Its time with the dead process is over.
            await other.Database.ExecuteAsync("update operations set due_at = now() where state = 'open'");
            var (code, output) = await ServiceProcess.RunAsync("Retail.Payments.dll", other.Environment(), "sweep");

            Assert.True(code == 0, output);
            Assert.Equal("authorized", await other.Database.TextAsync($"select status from payments where order_id = '{order}'"));
            Assert.Equal("requires_capture 0 0", await other.BankAsync(order));
        }
        finally
        {
            await other.DisposeAsync();
        }
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
