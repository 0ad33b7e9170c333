using FsCheck.Fluent;
using Retail.Payments.Ledger;
using Retail.Payments.Payments;

namespace Slipway.RetailPayments.Tests.Rules;

/// <summary>The rules, against a bank that does its worst.</summary>
public sealed class MachineTests
{
    private static readonly FsCheck.Gen<(int Amount, int[] Steps)> s_lives =
        from amount in Gen.Choose(1, 40)
        from steps in Gen.Choose(0, 16 * 60).ArrayOf().Resize(25)
        select (amount, steps);

    [Fact]
    public void Whatever_happens_in_whatever_order_our_books_are_the_banks() => Properties.Hold(
        s_lives,
        life =>
        {
            var bank = Live(life);
            var clearing = bank.Books.Where(line => line.Account == Accounts.ProviderClearing).Sum(line => line.Amount);
            return bank.Broken.Count == 0
                && !bank.Busy
                && bank.State.Captured == bank.Captured
                && bank.State.Refunded == bank.Refunded
                && bank.State.Promised == 0
                && clearing == bank.Captured - bank.Refunded;
        },
        count: 3000);

    [Fact]
    public void A_cancelled_order_ends_without_money_and_says_so() => Properties.Hold(
        s_lives,
        life =>
        {
            var bank = Live(life);
            return !bank.CancelAsked
                || (!bank.Holds
                    && bank.Captured == bank.Refunded
                    && bank.State.Status is PaymentStatus.Voided or PaymentStatus.Failed or PaymentStatus.Refunded
                    && bank.Told.Exists(told => told is Effect.TellVoided or Effect.TellRefunded));
        },
        count: 3000);

    [Fact]
    public void Every_transfer_sums_to_zero() => Properties.Hold(
        Gen.Choose(1, int.MaxValue),
        amount => LedgerRules.Capture(amount).Sum(line => line.Amount) == 0
            && LedgerRules.Refund(amount).Sum(line => line.Amount) == 0
            && LedgerRules.Capture(amount).Where(line => line.Account == Accounts.CustomerReceivable).Sum(line => line.Amount) == 0);

    [Fact]
    public void A_refund_is_never_more_than_what_was_taken()
    {
        var state = new PaymentState { Amount = 100, Captured = 100, Refunded = 30, Promised = 20, Status = PaymentStatus.PartiallyRefunded };

        var fits = PaymentMachine.Decide(state, new Trigger.RefundAsked(Guid.NewGuid(), null, 50, "r", "b"), Guid.NewGuid());
        var tooMuch = PaymentMachine.Decide(state, new Trigger.RefundAsked(Guid.NewGuid(), null, 51, "r", "b"), Guid.NewGuid());

        Assert.IsType<Effect.AskRefund>(Assert.Single(fits.Effects));
        Assert.Equal(state, tooMuch.State);
        Assert.Equal("refundExceedsCaptured", Assert.IsType<Effect.TellFailed>(Assert.Single(tooMuch.Effects)).Failure.Code);
    }

    [Fact]
    public void An_authorisation_that_turns_up_after_a_failure_is_let_go()
    {
        var state = new PaymentState { Amount = 100, Status = PaymentStatus.Failed, Failure = new Failure("authorize", "card_declined", "") };

        var decision = PaymentMachine.Decide(state, new Trigger.Authorized(), Guid.NewGuid());

        Assert.IsType<Effect.AskVoid>(Assert.Single(decision.Effects));
    }

    private static PretendBank Live((int Amount, int[] Steps) life)
    {
        var bank = new PretendBank(life.Amount);
        foreach (var step in life.Steps)
        {
            bank.Step(step);
        }

        bank.Drain();
        return bank;
    }
}
