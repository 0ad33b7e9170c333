using Retail.Contracts;
using Slipway.RetailPayments.Tests.Scenes;

namespace Slipway.RetailPayments.Tests.Flow;

/// <summary>The way back: release, refund, partial refund, and what comes too late.</summary>
public sealed class CancellingTests(ShopScene shop) : IClassFixture<ShopScene>
{
    [Fact]
    public async Task What_is_only_held_is_let_go()
    {
        var order = Guid.CreateVersion7();
        await shop.RequestAsync(order, "tok_success");
        await shop.Bus.UntilAsync(order, EventTypes.PaymentAuthorized);

        await shop.CancelAsync(order);
        await shop.Bus.UntilAsync(order, EventTypes.PaymentVoided);

        Assert.Equal("canceled 0 0", await shop.BankAsync(order));
        Assert.Equal("voided", await shop.StatusAsync(order));
    }

    [Fact]
    public async Task What_was_taken_is_given_back()
    {
        var order = await shop.PaidAsync();

        await shop.CancelAsync(order);
        await shop.CancelAsync(order);
        var refunded = await shop.Bus.UntilAsync(order, EventTypes.PaymentRefunded);

        Assert.Equal((4990, 4990), (refunded.GetProperty("amountMinor").GetInt64(), refunded.GetProperty("refundedTotalMinor").GetInt64()));
        Assert.False(refunded.TryGetProperty("returnId", out _));
        Assert.Equal("succeeded 4990 4990", await shop.BankAsync(order));
        Assert.Equal("refunded", await shop.StatusAsync(order));
        Assert.Equal(["authorized", "completed", "refunded"], shop.Bus.TypesOf(order));
    }

    [Fact]
    public async Task A_request_that_comes_after_the_cancellation_is_refused()
    {
        var order = Guid.CreateVersion7();

        await shop.CancelAsync(order);
        await shop.Bus.UntilAsync(order, EventTypes.PaymentVoided);
        await shop.RequestAsync(order, "tok_success");

        Assert.Equal("orderCancelled", (await shop.Bus.UntilAsync(order, EventTypes.PaymentFailed)).GetProperty("code").GetString());
        Assert.Equal("", await shop.BankAsync(order));
    }

    [Fact]
    public async Task An_order_cancelled_while_the_bank_is_asked_ends_without_money()
    {
        var order = Guid.CreateVersion7();
        shop.Line.Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = shop.Line.Asked;
        await shop.RequestAsync(order, "tok_success");
        await Eventually.TrueAsync(() => shop.Line.Asked > asked, "the bank to be asked");

        await shop.CancelAsync(order);
        shop.Line.Hold.SetResult();
        shop.Line.Hold = null;
        await shop.Bus.UntilAsync(order, EventTypes.PaymentVoided);

        Assert.Equal("canceled 0 0", await shop.BankAsync(order));
        Assert.Equal(["voided"], shop.Bus.TypesOf(order));
    }

    [Fact]
    public async Task A_return_gives_its_part_back_once()
    {
        var (order, returnId) = (await shop.PaidAsync(), Guid.CreateVersion7());

        await shop.ReturnAsync(order, returnId, 1500);
        await shop.ReturnAsync(order, returnId, 1500);
        var refunded = await shop.Bus.UntilAsync(order, EventTypes.PaymentRefunded);

        Assert.Equal((returnId, 1500), (refunded.GetProperty("returnId").GetGuid(), refunded.GetProperty("amountMinor").GetInt64()));
        Assert.Equal("partially_refunded", await shop.StatusAsync(order));
        Assert.Equal("succeeded 4990 1500", await shop.BankAsync(order));

        // A second return takes the rest, and then there is nothing left.
        await shop.ReturnAsync(order, Guid.CreateVersion7(), 3490);
        await shop.Bus.UntilAsync(order, EventTypes.PaymentRefunded, count: 2);
        await shop.ReturnAsync(order, Guid.CreateVersion7(), 1);
        Assert.Equal("refundExceedsCaptured", (await shop.Bus.UntilAsync(order, EventTypes.PaymentFailed)).GetProperty("code").GetString());
        Assert.Equal("refunded", await shop.StatusAsync(order));
        Assert.Equal("succeeded 4990 4990", await shop.BankAsync(order));
    }

    [Fact]
    public async Task A_cancelled_order_with_a_return_gets_back_only_what_is_left()
    {
        var order = await shop.PaidAsync();
        await shop.ReturnAsync(order, Guid.CreateVersion7(), 990);
        await shop.Bus.UntilAsync(order, EventTypes.PaymentRefunded);

        await shop.CancelAsync(order);
        var rest = await shop.Bus.UntilAsync(order, EventTypes.PaymentRefunded, count: 2);

        Assert.Equal(4000, rest.GetProperty("amountMinor").GetInt64());
        Assert.Equal("succeeded 4990 4990", await shop.BankAsync(order));
    }
}
