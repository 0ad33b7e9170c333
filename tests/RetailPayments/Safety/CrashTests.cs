using Retail.Contracts;
using Slipway.RetailPayments.Tests.Scenes;

namespace Slipway.RetailPayments.Tests.Safety;

public sealed class CrashTests(ShopScene other) : IClassFixture<ShopScene>
{
    [Fact]
    public async Task A_process_killed_between_the_bank_and_the_books_is_made_good_by_a_sweep()
    {
        var order = Guid.CreateVersion7();
        await other.OnlyProcessesAsync();
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
            held.TrySetResult();
        }
    }
}
