using Npgsql;
using Slipway.RetailPayments.Tests.Scenes;

namespace Slipway.RetailPayments.Tests.Safety;

[Collection(SharedShop.Name)]
public sealed class LedgerTests(ShopScene shop)
{
    [Theory]
    [InlineData("update ledger_entries set amount = amount + 1")]
    [InlineData("delete from ledger_entries")]
    [InlineData("truncate ledger_entries")]
    public async Task The_books_cannot_be_changed_even_by_hand(string statement)
    {
        await shop.PaidAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => shop.Database.ExecuteAsync(statement));

        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transfer_that_does_not_balance_is_not_committed()
    {
        var order = await shop.PaidAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => shop.Database.ExecuteAsync(
            $"insert into ledger_entries (transfer, account, step, amount, currency, payment_id, at) select 'alone', 'revenue', 1, 5, 'EUR', id, now() from payments where order_id = '{order}'"));

        Assert.Contains("does not sum to zero", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_balance_is_zero_and_agrees_with_the_payments()
    {
        var order = await shop.PaidAsync(2000);
        await shop.ReturnAsync(order, Guid.CreateVersion7(), 500);
        await shop.Bus.UntilAsync(order, Retail.Contracts.EventTypes.PaymentRefunded);

        await Eventually.TrueAsync(async () => await shop.Database.TextAsync("select count(*) from operations where state = 'open'") == "0", "no open operations");
        var balance = (await shop.Admin().GetAsync("/api/v1/payments/ledger/balance")).Json();
        var entries = (await shop.Admin().GetAsync($"/api/v1/payments/ledger?paymentId={await shop.PaymentIdAsync(order)}")).Json().GetProperty("items").EnumerateArray().ToList();

        Assert.True(balance.GetProperty("balanced").GetBoolean());
        Assert.Equal(0m, balance.GetProperty("sum").GetDecimal());
        Assert.Equal(
            await shop.Database.TextAsync("select (sum(captured - refunded) / 100.0)::numeric(12, 2) from payments"),
            balance.GetProperty("providerClearing").GetDecimal().ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(8, entries.Count);
        Assert.Equal(0m, entries.Sum(entry => entry.GetProperty("amount").GetDecimal()));
    }
}
